using PortiaWatch.Pipeline.Enrichment;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Rules;
using Spectre.Console;

namespace PortiaWatch.Rendering;

/// <summary>One endpoint and who holds it, for a person.</summary>
internal static class HoldingView
{
    public static void Show(Terminal terminal, Endpoint target, Holding holding, DateTimeOffset now)
    {
        IAnsiConsole console = terminal.Answers;
        console.Write(new Text(Headline(Words.Endpoint(target), holding) + "\n", new Style(holding.State == PortState.Held ? Color.Yellow : Color.Green, decoration: Decoration.Bold)));
        foreach (IGrouping<int?, Holder> process in holding.Holders.GroupBy(holder => holder.Process?.Identity.Pid))
        {
            if (process.Key is null)
            {
                // The kernel says root for what nobody holds any more, and there is nobody to name.
                foreach (Holder nameless in process.Where(one => one.Use != SocketUse.TimeWait))
                    ShowNameless(console, nameless, now);
            }
            else
            {
                ShowProcess(console, target, [.. process], now);
            }
        }

        if (holding.Limit is { } limit)
            console.Write(new Text(limit + "\n", new Style(Color.Grey)));
    }

    private static string Headline(string name, Holding holding) => holding.State switch
    {
        PortState.Held => $"{name} is held",
        PortState.Free => $"{name} is free.",
        PortState.TimeWait => $"{name} is held by nobody; the kernel keeps it for closed connections for up to a minute.",
        PortState.Reserved => $"{name} is held by no process, and still it cannot be bound.",
        _ => $"It cannot be told who holds {name}.",
    };

    private static void ShowNameless(IAnsiConsole console, Holder holder, DateTimeOffset now)
    {
        Grid grid = NewGrid();
        Row(grid, "by", Words.Holder(holder, now));
        Row(grid, "on", $"{Words.Endpoint(holder.Endpoint)} ({Use(holder.Use)})");
        Row(grid, "to see it", $"sudo portia who {Words.Target(holder.Endpoint)}");
        console.Write(grid);
    }

    private static void ShowProcess(IAnsiConsole console, Endpoint target, IReadOnlyList<Holder> holders, DateTimeOffset now)
    {
        Holder holder = holders[0];
        if (holder.Process is not { } process)
            return;
        Grid grid = NewGrid();
        grid.AddRow(new Text("by", Label), new Text($"{Words.Name(process.Name)}, pid {process.Identity.Pid}, up {Words.Age(process.StartedAt, now)}", new Style(decoration: Decoration.Bold)));
        Row(grid, "on", string.Join(", ", holders.Select(one => $"{Words.Endpoint(one.Endpoint)} ({Use(one.Use)})")));
        Row(grid, "command", Words.Command(process.Command));
        Row(grid, "folder", Words.Folder(process.WorkingDirectory)
            + (process.Project is { } project && project != process.WorkingDirectory ? $"  (project {Words.Folder(project)})" : ""));
        Row(grid, "user", Words.Name(holder.User));
        Row(grid, "parents", Words.Parents(process.Parents) + (process.IsOrphan ? "  (orphan: what started it is gone)" : ""));
        Row(grid, "supervisor", process.Supervisor is { } supervisor ? HolderWords.Of(supervisor) : "");
        Row(grid, "container", process.Container is { } container ? Words.Name(container) : "");
        Row(grid, "strike", WhatAStrikeDoes(target, holder));
        console.Write(grid);
    }

    private static string WhatAStrikeDoes(Endpoint target, Holder holder) => holder switch
    {
        { Protection: { } protection } => $"never: {protection}",
        { Advice: { } advice } => advice,
        _ => $"portia free {Words.Target(target)}   (SIGTERM, then waits for it to end)",
    };

    private static string Use(SocketUse use) => use switch
    {
        SocketUse.Listening => "listening",
        SocketUse.Bound => "bound, not listening",
        SocketUse.Connected => "a connection that still has the port",
        _ => "closing",
    };

    private static Style Label => new(Color.Grey);

    private static Grid NewGrid() => new Grid().AddColumn(new GridColumn().NoWrap().Padding(2, 0, 2, 0)).AddColumn(new GridColumn().Padding(0, 0, 0, 0));

    private static void Row(Grid grid, string label, string text)
    {
        if (text.Length > 0)
            grid.AddRow(new Text(label, Label), new Text(text));
    }
}
