using System.Globalization;
using PortiaWatch.Pipeline.History;
using PortiaWatch.Rendering;

namespace PortiaWatch.Plots;

/// <summary>The picture in a page of its own, with the figures as tables. No script, no request, and a policy that allows neither.</summary>
internal static class StatsPage
{
    private const int MostRows = 100;

    private const string Head = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>Port collisions</title>
        <style>
        body { margin: 0 auto; max-width: 960px; padding: 24px; background: #fbfaf7; color: #24211c; font: 15px/1.5 ui-sans-serif, system-ui, sans-serif; }
        svg { width: 100%; height: auto; } table { border-collapse: collapse; width: 100%; margin: 8px 0 32px; } caption { text-align: left; font-weight: 600; padding: 8px 0; }
        th, td { text-align: right; padding: 5px 10px; border-bottom: 1px solid #e7e3da; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
        th { color: #7d766a; font-weight: 500; } th:first-child, td:first-child, th:last-child, td:last-child { text-align: left; } p { color: #7d766a; }
        @media (prefers-color-scheme: dark) { body { background: #1a1917; color: #ece7dc; } th, td { border-color: #2e2b27; } th, p { color: #9b9386; } }
        </style>
        </head>
        <body>
        """;

    public static void Write(TextWriter file, HistoryStatistics statistics)
    {
        file.Write(Head);
        StatsSvg.Draw(file, statistics);
        Table(file, "Ports", "Port", "Mostly held by", statistics.Ports);
        Table(file, "Programs that held them", "Program", "Mostly on port", statistics.Programs);
        file.Write("<p>Work is blocked from the first refusal until the port was free; where nobody saw it become free, until the last refusal. Made by PortiaWatch.</p>\n</body>\n</html>\n");
    }

    private static void Table(TextWriter file, string caption, string name, string other, IReadOnlyList<Tally> tallies)
    {
        file.Write($"<table><caption>{caption}</caption><thead><tr><th>{name}</th><th>Incidents</th><th>Refusals</th><th>Freed</th><th>Blocked</th><th>{other}</th></tr></thead><tbody>\n");
        foreach (Tally tally in tallies.Take(MostRows))
        {
            file.Write(string.Create(
                CultureInfo.InvariantCulture,
                $"<tr><td>{SvgText.Escape(tally.Name.Length > 0 ? tally.Name : "not known", 120)}</td><td>{tally.Incidents}</td><td>{tally.Refusals}</td><td>{tally.Freed}</td><td>{HistoryWords.Span(tally.Blocked)}</td><td>{SvgText.Escape(tally.Other ?? "", 120)}</td></tr>\n"));
        }

        file.Write("</tbody></table>\n");
    }
}
