using System.Globalization;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.History;
using Spectre.Console;

namespace PortiaWatch.Rendering;

/// <summary>Bars and a heat map in 80 columns; shades and lengths say it, colours only help.</summary>
internal static class StatsView
{
    private const int MostRows = 8;
    private const int MostDays = 14;
    private const int LabelWidth = 16;
    private const int LongestBar = 26;
    private const int ShortestBar = 6;

    // What stands beside a bar: label, number, time, the other side.
    private const int Beside = 80 - LongestBar;
    private const string Eighths = " ▏▎▍▌▋▊▉";
    private const string Shades = "·░▒▓█";

    private static readonly string[] Weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

    public static void Show(Terminal terminal, HistoryStatistics statistics)
    {
        IAnsiConsole answers = terminal.Answers;
        Line(answers, StatsWords.Headline(statistics), new Style(decoration: Decoration.Bold));
        ShowTallies(answers, "PORTS", statistics.Ports, Color.Yellow);
        ShowTallies(answers, "HELD BY", statistics.Programs, Color.Aqua);
        ShowDays(answers, statistics);
        ShowHours(answers, statistics);
    }

    /// <summary>A bar of <paramref name="width"/> characters at most, exact to an eighth of one; whatever is not nothing shows.</summary>
    internal static string Bar(double share, int width)
    {
        int eighths = share <= 0 ? 0 : Math.Clamp((int)Math.Round(share * width * 8), 1, width * 8);
        string bar = new string('█', eighths / 8) + (eighths % 8 == 0 ? "" : Eighths[eighths % 8]);
        return bar.PadRight(width);
    }

    private static void ShowTallies(IAnsiConsole answers, string title, IReadOnlyList<Tally> tallies, Color color)
    {
        Line(answers, $"\n{title}", new Style(Color.Grey));
        int most = tallies.Max(tally => tally.Incidents);
        foreach (Tally tally in tallies.Take(MostRows))
        {
            string label = PlainText.Clean(tally.Name.Length > 0 ? tally.Name : "not known", LabelWidth);
            string other = tally.Other is { } name ? PlainText.Clean(name, 14) : "";
            Write(answers, "  " + label.PadRight(LabelWidth) + " ");
            Write(answers, Bar((double)tally.Incidents / most, BarWidthOn(answers)), new Style(color));
            Line(answers, string.Create(CultureInfo.InvariantCulture, $" {tally.Incidents,4}  {HistoryWords.Span(tally.Blocked),12}  {other}").TrimEnd());
        }

        if (tallies.Count > MostRows)
            Line(answers, $"  and {tallies.Count - MostRows} more; --json has all", new Style(Color.Grey));
    }

    private static void ShowDays(IAnsiConsole answers, HistoryStatistics statistics)
    {
        DayTally[] days = [.. statistics.Days.SkipWhile(day => day.Incidents == 0).TakeLast(MostDays)];
        int most = Math.Max(1, days.Max(day => day.Incidents));
        Line(answers, "\nDAYS", new Style(Color.Grey));
        foreach (DayTally day in days)
        {
            Write(answers, "  " + day.Day.ToString("ddd MMM dd", CultureInfo.InvariantCulture).PadRight(LabelWidth) + " ");
            Write(answers, Bar((double)day.Incidents / most, BarWidthOn(answers)), new Style(Color.Green));
            Line(answers, day.Incidents == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" {day.Incidents,4}  {HistoryWords.Span(day.Blocked),12}"));
        }
    }

    private static void ShowHours(IAnsiConsole answers, HistoryStatistics statistics)
    {
        int most = Math.Max(1, statistics.Hours.Max(hours => hours.Max()));
        Line(answers, "\nHOURS", new Style(Color.Grey));
        Line(answers, "       0           6           12          18", new Style(Color.Grey));
        for (int day = 0; day < Weekdays.Length; day++)
        {
            Write(answers, $"  {Weekdays[day]}  ", new Style(Color.Grey));
            Line(answers, string.Concat(statistics.Hours[day].Select(count => new string(Shade(count, most), 2))), new Style(Color.Yellow));
        }
    }

    private static int BarWidthOn(IAnsiConsole answers) => Math.Clamp(answers.Profile.Width - Beside, ShortestBar, LongestBar);

    private static char Shade(int count, int most) => count == 0 ? Shades[0] : Shades[Math.Clamp((int)Math.Ceiling(4.0 * count / most), 1, 4)];

    private static void Write(IAnsiConsole answers, string text, Style? style = null) => answers.Write(new Text(text, style));

    private static void Line(IAnsiConsole answers, string text, Style? style = null) => answers.Write(new Text(text + "\n", style));
}
