using System.CommandLine;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.History;
using PortiaWatch.Rendering;
using Spectre.Console;

namespace PortiaWatch.Verbs;

/// <summary><c>portia history</c>: past incidents, one of them in full, and the way out of the database and back.</summary>
internal static class HistoryVerb
{
    // What fits a screen; a longer look back is one option away.
    private const int UsualLimit = 20;

    private static readonly HistoryOptions Filter = new();
    private static readonly Option<int> Limit = new("--limit") { Description = "Only the newest N; 0 means all.", HelpName = "N", DefaultValueFactory = _ => UsualLimit };
    private static readonly Argument<string> Id = new("ID") { Description = "The number in the first column, or the beginning of the incident's id." };
    private static readonly Argument<string?> Target = new("FILE") { Description = "Where to write; standard output without it.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Argument<string> Source = new("FILE") { Description = "What history export wrote; - is standard input." };

    public static Command Create()
    {
        Limit.Between(0, 1_000_000);
        var list = new Command("history", "Show past incidents, newest last: who was refused, who held the port, what was done.") { Limit };
        Filter.AddTo(list);
        list.SetAction(List);

        var show = new Command("show", "Tell the whole story of one incident.") { Id };
        show.SetAction(Show);
        var export = new Command("export", "Write all incidents as JSON, one a line, oldest first.") { Target };
        Filter.AddTo(export);
        export.SetAction(Export);
        var import = new Command("import", "Add exported incidents; those that are here already are left out.") { Source };
        import.SetAction(Import);
        list.Add(show);
        list.Add(export);
        list.Add(import);
        return list;
    }

    private static int List(ParseResult parsed)
    {
        int limit = parsed.GetValue(Limit);
        var terminal = new Terminal(parsed);
        using HistoryReader? history = Composition.Create(parsed).OpenHistory();
        HistoryQuery query = Filter.ToQuery(parsed) with { Limit = limit == 0 ? null : limit, WithStories = terminal.IsJson };
        IEnumerable<HistoryEntry> found = Read(history, query);
        if (!terminal.IsJson)
            return HistoryView.Show(terminal, [.. found], isFirstUse: history is null, TimeProvider.System);
        return Print(found, terminal.RawAnswers) > 0 ? ExitCode.Done : ExitCode.No;
    }

    private static int Show(ParseResult parsed)
    {
        string name = parsed.GetRequiredValue(Id);
        var terminal = new Terminal(parsed);
        using HistoryReader? history = Composition.Create(parsed).OpenHistory();
        if (Guarded(() => history?.Find(name)) is not { } entry)
        {
            terminal.Messages.Write(new Text($"There is no incident {PlainText.Clean(name, 40)} in the history. See the first column of: portia history\n"));
            return ExitCode.No;
        }

        if (terminal.IsJson)
            terminal.RawAnswers.WriteLine(entry.Json);
        else
            StoryView.Show(terminal, entry, TimeProvider.System);
        return ExitCode.Done;
    }

    private static int Export(ParseResult parsed)
    {
        string? path = parsed.GetValue(Target);
        using HistoryReader? history = Composition.Create(parsed).OpenHistory();
        IEnumerable<HistoryEntry> found = Read(history, Filter.ToQuery(parsed));
        if (path is null or "-")
            return Print(found, Console.Out) > 0 ? ExitCode.Done : ExitCode.No;
        using var file = OutputFile.Create(path);
        int count = Print(found, file);
        Console.Error.WriteLine($"{count} {(count == 1 ? "incident" : "incidents")} written to {PlainText.Clean(path, 200)}.");
        return count > 0 ? ExitCode.Done : ExitCode.No;
    }

    private static int Import(ParseResult parsed)
    {
        using ScanInput input = ScanInput.Open(parsed.GetRequiredValue(Source));
        var composition = Composition.Create(parsed);
        return HistoryImport.Run(input, composition.Platform.Processes, TimeProvider.System.GetUtcNow(), new Terminal(parsed));
    }

    private static int Print(IEnumerable<HistoryEntry> found, TextWriter answers)
    {
        int count = 0;
        foreach (HistoryEntry entry in found)
        {
            answers.Write(entry.Json + "\n");
            count++;
        }

        answers.Flush();
        return count;
    }

    private static IEnumerable<HistoryEntry> Read(HistoryReader? history, HistoryQuery query)
    {
        if (history is null)
            yield break;
        using IEnumerator<HistoryEntry> entries = history.Find(query).GetEnumerator();
        while (Guarded(entries.MoveNext))
            yield return entries.Current;
    }

    private static T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (HistoryException error)
        {
            throw new UsageException(error.Message, error);
        }
    }
}
