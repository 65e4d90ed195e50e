using System.Globalization;
using PortiaWatch.Pipeline.History;
using PortiaWatch.Rendering;

namespace PortiaWatch.Plots;

/// <summary>The statistics as one picture: four figures, ports, programs, days, and a heat map by hour. One file, light and dark, nothing loaded from elsewhere.</summary>
internal static class StatsSvg
{
    private const int Width = 960;
    private const int Margin = 40;
    private const int Half = (Width - (3 * Margin)) / 2;
    private const int RowHeight = 26;
    private const int MostRows = 8;

    // prefers-color-scheme works inside an SVG that is opened or embedded on its own; rsvg and old viewers see the light one.
    private const string Style = """
        <style>
        svg { font-family: ui-sans-serif, system-ui, "Segoe UI", "DejaVu Sans", sans-serif; font-size: 13px; }
        .ground { fill: #fbfaf7; } .card { fill: #f1efe9; } .ink { fill: #24211c; } .soft { fill: #7d766a; font-size: 12px; }
        .title { fill: #24211c; font-size: 22px; font-weight: 600; } .head { fill: #7d766a; font-size: 11px; letter-spacing: 1.2px; }
        .figure { fill: #24211c; font-size: 26px; font-weight: 600; } .port { fill: #d9822b; } .program { fill: #2f8f83; } .day { fill: #5a7fb8; } .heat { fill: #c4472d; } .none { fill: #e7e3da; }
        @media (prefers-color-scheme: dark) {
        .ground { fill: #1a1917; } .card { fill: #24221f; } .ink, .title, .figure { fill: #ece7dc; } .soft, .head { fill: #9b9386; }
        .port { fill: #f0a04b; } .program { fill: #4fb8a9; } .day { fill: #7fa5df; } .heat { fill: #f0684a; } .none { fill: #2e2b27; }
        }
        </style>
        """;

    private static readonly string[] Weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

    public static void Draw(TextWriter file, HistoryStatistics statistics)
    {
        var svg = new SvgText();
        int rows = Math.Clamp(Math.Max(statistics.Ports.Count, statistics.Programs.Count), 1, MostRows);
        double days = 232 + (rows * RowHeight);
        double hours = days + 188;
        double height = hours + (7 * 22) + 60;
        svg.Raw(string.Create(CultureInfo.InvariantCulture, $"""<svg xmlns="http://www.w3.org/2000/svg" width="{Width}" height="{height}" viewBox="0 0 {Width} {height}" role="img" aria-label="Port collisions">"""));
        svg.Raw(Style);
        svg.Raw(string.Create(CultureInfo.InvariantCulture, $"""<rect class="ground" width="{Width}" height="{height}"/>"""));
        svg.Text("title", Margin, 52, "Port collisions");
        svg.Text("soft", Width - Margin, 52, StatsWords.Period(statistics), "end");
        Figures(svg, statistics);
        Tallies(svg, "PORTS", "port", statistics.Ports, Margin);
        Tallies(svg, "HELD BY", "program", statistics.Programs, (2 * Margin) + Half);
        Days(svg, statistics.Days, days);
        Hours(svg, statistics.Hours, hours);
        svg.Raw("</svg>");
        file.Write(svg.ToString());
    }

    private static void Figures(SvgText svg, HistoryStatistics statistics)
    {
        (string Value, string Name)[] figures =
        [
            ($"{statistics.Incidents}", statistics.Incidents == 1 ? "incident" : "incidents"), ($"{statistics.Refusals}", "refusals"), ($"{statistics.Freed}", "ports freed"),
            (HistoryWords.Span(statistics.Blocked), "of blocked work"),
        ];
        const double CardWidth = (Width - (2 * Margin) - (3 * 16)) / 4.0;
        for (int i = 0; i < figures.Length; i++)
        {
            double x = Margin + (i * (CardWidth + 16));
            svg.Raw(string.Create(CultureInfo.InvariantCulture, $"""<rect class="card" x="{x:0.##}" y="76" width="{CardWidth:0.##}" height="76" rx="10"/>"""));
            svg.Text("figure", x + 18, 112, figures[i].Value);
            svg.Text("soft", x + 18, 136, figures[i].Name);
        }
    }

    private static void Tallies(SvgText svg, string title, string kind, IReadOnlyList<Tally> tallies, double left)
    {
        const double Label = 110;
        const double Numbers = 112;
        svg.Text("head", left, 190, title);
        double most = Math.Max(1, tallies.Select(tally => tally.Incidents).DefaultIfEmpty().Max());
        foreach ((int i, Tally tally) in tallies.Take(MostRows).Index())
        {
            double y = 204 + (i * RowHeight);
            string name = tally.Name.Length > 0 ? tally.Name : "not known";
            string blocked = HistoryWords.Span(tally.Blocked);
            svg.Text("ink", left, y + 13, name, longest: 13);
            svg.Bar(kind, left + Label, y, Math.Max(3, (Half - Label - Numbers) * tally.Incidents / most), 17, $"{name}: {tally.Incidents}, {tally.Freed} freed, {blocked} blocked{(tally.Other is { } other ? $", {other}" : "")}");
            svg.Text("ink", left + Half - Numbers + 34, y + 13, $"{tally.Incidents}", "end");
            svg.Text("soft", left + Half, y + 13, blocked, "end");
        }
    }

    private static void Days(SvgText svg, IReadOnlyList<DayTally> days, double top)
    {
        const double Floor = 120;
        svg.Text("head", Margin, top, "DAYS");
        double most = Math.Max(1, days.Max(day => day.Incidents));
        double step = (Width - (2.0 * Margin)) / days.Count;
        foreach ((int i, DayTally day) in days.Index())
        {
            string name = day.Day.ToString("MMM d", CultureInfo.InvariantCulture);
            double height = day.Incidents == 0 ? 2 : Math.Max(4, 100 * day.Incidents / most);
            svg.Bar(day.Incidents == 0 ? "none" : "day", Margin + (i * step), top + Floor - height, Math.Max(1, Math.Min(step - 3, 40)), height, $"{name}: {day.Incidents}, {HistoryWords.Span(day.Blocked)} blocked");
            if (i % Math.Max(1, (days.Count + 7) / 8) == 0)
                svg.Text("soft", Margin + (i * step), top + Floor + 18, name);
        }
    }

    private static void Hours(SvgText svg, IReadOnlyList<IReadOnlyList<int>> hours, double top)
    {
        const double Left = Margin + 44;
        const double Cell = (Width - Margin - Left) / 24;
        svg.Text("head", Margin, top, "HOURS");
        double most = Math.Max(1, hours.Max(day => day.Max()));
        for (int day = 0; day < 7; day++)
        {
            double y = top + 14 + (day * 22);
            svg.Text("soft", Margin, y + 14, Weekdays[day]);
            for (int hour = 0; hour < 24; hour++)
            {
                int count = hours[day][hour];
                svg.Bar(count == 0 ? "none" : "heat", Left + (hour * Cell), y, Cell - 3, 19, $"{Weekdays[day]} {hour}:00: {count}", count == 0 ? 1 : 0.25 + (0.75 * count / most));
            }
        }

        for (int hour = 0; hour < 24; hour += 3)
            svg.Text("soft", Left + (hour * Cell), top + 14 + (7 * 22) + 16, $"{hour}:00");
    }
}
