using PortiaWatch.Pipeline.Events;
using PortiaWatch.Verbs;
using Spectre.Console;

namespace PortiaWatch.Rendering;

/// <summary>The summary of a scan: which port, how often, which program, first and last.</summary>
internal static class ScanTable
{
    public static void Show(ScanSummary summary, ScanOptions options, TextWriter stdout)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = options.IsColored ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = options.IsColored ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(stdout),
        });
        console.Profile.Width = options.Width;
        if (summary.Total == 0)
        {
            console.Write(new Text("No collision found.\n"));
            return;
        }

        var table = new Table().Border(TableBorder.None);
        table.AddColumn(new TableColumn(new Text("Endpoint", Head)).NoWrap());
        table.AddColumn(new TableColumn(new Text("Times", Head)).RightAligned());
        foreach (var name in (ReadOnlySpan<string>)["Program", "First", "Last", "Outcome"])
            table.AddColumn(new TableColumn(new Text(name, Head)).NoWrap());
        foreach (var row in summary.Rows)
        {
            var isResolved = row.Kind == SightingKind.Resolved;
            table.AddRow(
                new Text(row.Endpoint), new Text($"{row.Count}"), new Text(row.Program.Length == 0 ? "-" : row.Program), new Text(row.First), new Text(row.Last),
                new Text(isResolved ? "moved on" : "refused", new Style(isResolved ? Color.Green : Color.Yellow)));
        }

        console.Write(new Text("\n"));
        console.Write(table);
        if (summary.Beyond > 0)
            console.Write(new Text($"and {summary.Beyond} more that found no line here\n"));
    }

    private static Style Head => new(Color.Grey);
}
