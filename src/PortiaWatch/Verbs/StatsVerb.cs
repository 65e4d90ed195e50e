using System.CommandLine;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.History;
using PortiaWatch.Plots;
using PortiaWatch.Rendering;
using Spectre.Console;

namespace PortiaWatch.Verbs;

/// <summary><c>portia stats</c>: what past incidents add up to, in the terminal, as JSON or as a picture.</summary>
internal static class StatsVerb
{
    private const int UsualDays = 30;

    private static readonly HistoryOptions Filter = new();
    private static readonly Option<string?> Svg = new("--svg") { Description = "Write a picture: one file, light and dark, nothing loaded from elsewhere.", HelpName = "FILE" };
    private static readonly Option<string?> Html = new("--html") { Description = "Write a page with the picture and the figures.", HelpName = "FILE" };

    public static Command Create()
    {
        var command = new Command("stats", $"Show which ports and programs collide, when, and how long work was blocked (the last {UsualDays} days; --since for more).") { Svg, Html };
        Filter.AddTo(command);
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var terminal = new Terminal(parsed);
        HistoryStatistics statistics = Count(parsed, TimeProvider.System);
        if (terminal.IsJson)
            JsonLines.Write(terminal.RawAnswers, json => StatsJson.Write(json, statistics));
        bool isDrawn = Draw(parsed.GetValue(Svg), StatsSvg.Draw, statistics) | Draw(parsed.GetValue(Html), StatsPage.Write, statistics);
        if (!terminal.IsJson && !isDrawn)
        {
            if (statistics.Incidents > 0)
                StatsView.Show(terminal, statistics);
            else
                terminal.Messages.Write(new Text("There is nothing to count in that time. See portia history --limit 0 for all that is remembered.\n"));
        }

        return statistics.Incidents > 0 ? ExitCode.Done : ExitCode.No;
    }

    private static HistoryStatistics Count(ParseResult parsed, TimeProvider time)
    {
        HistoryQuery query = Filter.ToQuery(parsed) with { WithStories = false };
        DateTimeOffset today = new(time.GetLocalNow().Date, time.GetLocalNow().Offset);
        query = query with { Since = query.Since ?? today.AddDays(1 - UsualDays) };
        var count = new StatisticsCount(time.LocalTimeZone);
        using HistoryReader? history = Composition.Create(parsed).OpenHistory();
        try
        {
            foreach (HistoryEntry entry in history?.Find(query) ?? [])
                count.Add(entry);
        }
        catch (HistoryException error)
        {
            throw new UsageException(error.Message, error);
        }

        return count.Complete(Day(query.Since), Day(query.Until?.AddTicks(-1) ?? today) ?? default);

        DateOnly? Day(DateTimeOffset? at) => at is { } moment ? DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(moment, time.LocalTimeZone).DateTime) : null;
    }

    private static bool Draw(string? path, Action<TextWriter, HistoryStatistics> draw, HistoryStatistics statistics)
    {
        if (path is null)
            return false;
        if (path == "-")
        {
            draw(Console.Out, statistics);
            return true;
        }

        using StreamWriter file = OutputFile.Create(path);
        draw(file, statistics);
        Console.Error.WriteLine($"{PlainText.Clean(path, 200)} written.");
        return true;
    }
}
