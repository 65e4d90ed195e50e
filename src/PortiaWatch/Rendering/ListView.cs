using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Rules;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace PortiaWatch.Rendering;

/// <summary>All listening endpoints in one aligned table: ports first, unix sockets after them.</summary>
internal static class ListView
{
    private const int Endpoint = 0;
    private const int Process = 1;
    private const int Pid = 2;
    private const int User = 3;
    private const int Up = 4;
    private const int Folder = 5;
    private const int StartedBy = 6;

    private static readonly string[] Columns = ["ENDPOINT", "PROCESS", "PID", "USER", "UP", "FOLDER", "STARTED BY"];
    private static readonly Style?[] Styles = [new(Color.Yellow), new(decoration: Decoration.Bold), null, null, null, null, new(Color.Grey)];

    public static void Show(Terminal terminal, IReadOnlyList<Holder> holders, DateTimeOffset now)
    {
        if (holders.Count == 0)
        {
            terminal.Messages.Write(new Text("Nothing listens here.\n"));
            return;
        }

        string[][] rows = [.. holders
            .OrderBy(holder => holder.Endpoint.Port ?? int.MaxValue)
            .ThenBy(holder => holder.Endpoint.ToString(), StringComparer.Ordinal)
            .Select(holder => Row(holder, now))];
        terminal.Answers.Write(Fitting(rows, terminal.Answers.Profile.Width));

        int nameless = holders.Count(holder => holder.Process is null);
        if (nameless > 0)
            terminal.Messages.Write(new Text(Nameless(nameless) + "\n", new Style(Color.Grey)));
    }

    private static string Nameless(int count) => Environment.IsPrivilegedProcess
        ? $"{count} could not be named: no process that can be seen from here has a descriptor on the socket."
        : $"{count} could not be named, most likely because other users run them; sudo portia list names them.";

    private static Table Fitting(string[][] rows, int room)
    {
        int[] natural = [.. Columns.Select((title, column) => rows.Max(row => Math.Max(title.Length, CellsOf(row[column]))))];
        var widths = new FittingColumns(natural, [(Folder, 16), (Endpoint, 24), (StartedBy, 12), (Process, 12), (Folder, 10)], [StartedBy, User, Folder, Up], room);
        int[] shown = [.. Enumerable.Range(0, Columns.Length).Where(column => widths[column] > 0)];
        Table table = new Table().Border(TableBorder.None).ShowHeaders();
        foreach (int column in shown)
        {
            table.AddColumn(new TableColumn(new Text(Columns[column], new Style(Color.Grey))) { NoWrap = true, Padding = new Padding(0, 0, column == shown[^1] ? 0 : FittingColumns.Gap, 0) });
            if (column is Pid or Up)
                table.Columns[^1].RightAligned();
        }

        foreach (string[] row in rows)
            table.AddRow(shown.Select(column => new Text(Cut(row[column], widths[column], column), Styles[column])));
        return table;
    }

    // Of a folder the end says most, of all else the beginning.
    private static string Cut(string text, int width, int column)
    {
        if (CellsOf(text) <= width)
            return text;
        int kept = width - 1;
        while (kept > 0 && CellsOf(column == Folder ? text[^kept..] : text[..kept]) > width - 1)
            kept--;
        return column == Folder ? "…" + text[^kept..] : text[..kept] + "…";
    }

    private static int CellsOf(string text) => new Segment(text).CellCount();

    private static string[] Row(Holder holder, DateTimeOffset now)
    {
        ProcessFacts? process = holder.Process;
        return
        [
            PlainText.Clean(holder.Endpoint.ToString(), 60),
            process is null ? "?" : Words.Name(process.Name),
            process is null ? "" : $"{process.Identity.Pid}",
            Words.Name(holder.User),
            process is null ? "" : Words.Age(process.StartedAt, now),
            Words.Folder(process?.WorkingDirectory),
            Starter(holder),
        ];
    }

    private static string Starter(Holder holder) => holder switch
    {
        { Process.Container: { } container } => $"container {Words.Name(container)}",
        { Process.Supervisor: { } supervisor } => HolderWords.Of(supervisor),
        { Process: { IsOrphan: true } } => "orphan",
        { Process.Parents: [var parent, ..] } => Words.Name(parent.Name),
        { Unit: { } unit } => Words.Name(unit),
        _ => "",
    };
}
