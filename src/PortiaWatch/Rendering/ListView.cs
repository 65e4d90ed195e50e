using PortiaWatch.Pipeline.Events;
using Spectre.Console;

namespace PortiaWatch.Rendering;

/// <summary>All listening endpoints in one aligned table: ports first, unix sockets after them.</summary>
internal static class ListView
{
    public static void Show(Terminal terminal, IReadOnlyList<Holder> holders, DateTimeOffset now)
    {
        if (holders.Count == 0)
        {
            terminal.Messages.Write(new Text("Nothing listens here.\n"));
            return;
        }

        Table table = new Table().Border(TableBorder.None).ShowHeaders();
        foreach (string column in (string[])["ENDPOINT", "PROCESS", "PID", "USER", "UP", "FOLDER", "STARTED BY"])
            table.AddColumn(new TableColumn(new Text(column, new Style(Color.Grey))).NoWrap());
        table.Columns[2].RightAligned();
        table.Columns[4].RightAligned();
        foreach (Holder holder in holders.OrderBy(holder => holder.Endpoint.Port ?? int.MaxValue).ThenBy(holder => holder.Endpoint.ToString(), StringComparer.Ordinal))
            table.AddRow(Row(holder, now));
        terminal.Answers.Write(table);

        int nameless = holders.Count(holder => holder.Process is null);
        if (nameless > 0)
            terminal.Messages.Write(new Text(Nameless(nameless) + "\n", new Style(Color.Grey)));
    }

    private static string Nameless(int count) => Environment.IsPrivilegedProcess
        ? $"{count} could not be named: no process that can be seen from here has a descriptor on the socket."
        : $"{count} could not be named, most likely because other users run them; sudo portia list names them.";

    private static Text[] Row(Holder holder, DateTimeOffset now)
    {
        ProcessFacts? process = holder.Process;
        return
        [
            new(PlainText.Clean(holder.Endpoint.ToString(), 60), new Style(Color.Yellow)),
            new(process is null ? "?" : Words.Name(process.Name), new Style(decoration: Decoration.Bold)),
            new(process is null ? "" : $"{process.Identity.Pid}"),
            new(Words.Name(holder.User)),
            new(process is null ? "" : Words.Age(process.StartedAt, now)),
            new(Words.Folder(process?.WorkingDirectory)),
            new(StartedBy(holder), new Style(Color.Grey)),
        ];
    }

    private static string StartedBy(Holder holder) => holder switch
    {
        { Process.Container: { } container } => $"container {Words.Name(container)}",
        { Process.Supervisor: { } supervisor } => $"{Words.Name(supervisor.Kind)} {Words.Name(supervisor.Name)}",
        { Process: { IsOrphan: true } } => "orphan",
        { Process.Parents: [var parent, ..] } => Words.Name(parent.Name),
        { Unit: { } unit } => Words.Name(unit),
        _ => "",
    };
}
