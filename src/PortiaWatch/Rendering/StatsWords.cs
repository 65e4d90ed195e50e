using System.Globalization;
using PortiaWatch.Pipeline.History;

namespace PortiaWatch.Rendering;

/// <summary>The sentence above the bars.</summary>
internal static class StatsWords
{
    /// <summary>42 incidents on 7 ports from Oct 24 to Nov 22: 118 refusals, 12 ports freed, 3 h 20 min of blocked work.</summary>
    public static string Headline(HistoryStatistics statistics) =>
        $"{Count(statistics.Incidents, "incident")} on {Count(statistics.Ports.Count, "port")} from {Period(statistics)}: {Figures(statistics)}.";

    public static string Period(HistoryStatistics statistics)
    {
        string form = statistics.From.Year == statistics.Until.Year ? "MMM d" : "MMM d, yyyy";
        return $"{statistics.From.ToString(form, CultureInfo.InvariantCulture)} to {statistics.Until.ToString(form, CultureInfo.InvariantCulture)}";
    }

    public static string Figures(HistoryStatistics statistics) =>
        $"{Count(statistics.Refusals, "refusal")}, {statistics.Freed} freed, {HistoryWords.Span(statistics.Blocked)} of blocked work";

    public static string Count(long count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");
}
