using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.History;
using Spectre.Console;

namespace PortiaWatch.Rendering;

/// <summary>Past incidents in one table that fits 80 columns, newest last, and below it how to start again what was struck.</summary>
internal static class HistoryView
{
    private const int MostHints = 5;

    /// <summary>0, or 1 when there is nothing to show.</summary>
    public static int Show(Terminal terminal, IReadOnlyList<HistoryEntry> entries, bool isFirstUse, TimeProvider time)
    {
        if (entries.Count == 0)
        {
            terminal.Messages.Write(new Text(isFirstUse
                ? "There is no history yet: no watcher has seen a collision. Start one with: portia watch\n"
                : "No incident in the history is like that.\n"));
            return ExitCode.No;
        }

        Table table = new Table().Border(TableBorder.None);
        foreach (string name in (string[])["#", "WHEN", "PORT", "REFUSED", "HELD BY", "OUTCOME"])
            table.AddColumn(new TableColumn(new Text(name, new Style(Color.Grey))) { NoWrap = true, Padding = new Padding(0, 0, name == "OUTCOME" ? 0 : 2, 0) });
        table.Columns[0].RightAligned();
        bool isNarrow = terminal.Answers.Profile.Width < 120;
        foreach (HistoryEntry entry in entries)
            table.AddRow(Row(entry, isNarrow, time));
        terminal.Answers.Write(table);
        ShowHints(terminal, [.. entries.Where(entry => entry.Outcome == "freed").Reverse()]);
        return ExitCode.Done;
    }

    private static Text[] Row(HistoryEntry entry, bool isNarrow, TimeProvider time)
    {
        // Together with numbers, times and the space between 80 columns.
        (int port, int refused, int holder) = isNarrow ? (8, 10, 20) : (40, 30, 60);
        return
        [
            new($"{entry.Number}", new Style(Color.Grey)),
            new(HistoryWords.When(entry.First, time)),
            new(Cut(HistoryWords.Port(entry.Endpoint), port), new Style(Color.Yellow)),
            new(Cut((entry.Contender is null ? "?" : Words.Name(entry.Contender)) + (entry.Count > 1 ? $" ×{entry.Count}" : ""), refused)),
            new(Cut(Holders(entry), holder), new Style(decoration: Decoration.Bold)),
            new(HistoryWords.Outcome(entry), new Style(HistoryWords.Color(entry))),
        ];
    }

    private static string Cut(string text, int width) => PlainText.Clean(text, width);

    private static string Holders(HistoryEntry entry)
    {
        if (entry.Holders.Count == 0)
            return "nobody seen";
        HistoryHolder holder = entry.Holders[0];
        string name = holder.Name is null ? $"user {Words.Name(holder.User)}" : Words.Name(holder.Name);
        string folder = Words.Folder(holder.Folder);
        return entry.Holders.Count > 1 ? $"{name} +{entry.Holders.Count - 1}" : folder.Length > 0 ? $"{name} {folder}" : name;
    }

    private static void ShowHints(Terminal terminal, IReadOnlyList<HistoryEntry> struck)
    {
        (long Number, string Command)[] hints = [.. struck
            .Select(entry => (entry.Number, Command: entry.Holders.Count == 1 ? RestartCommand.Of(entry.Holders[0]) : null))
            .Where(hint => hint.Command is not null)
            .DistinctBy(hint => hint.Command)
            .Select(hint => (hint.Number, hint.Command!))];
        if (hints.Length == 0)
            return;
        terminal.Answers.Write(new Text("\nTo start again what was struck:\n", new Style(Color.Grey)));
        foreach ((long number, string command) in hints.Take(MostHints).Reverse())
        {
            // Not through the console's own layout: a command that is wrapped cannot be pasted.
            terminal.Answers.Write(new Text($"{number,4}  ", new Style(Color.Grey)));
            terminal.Answers.Profile.Out.Writer.Write(command + "\n");
        }
    }
}
