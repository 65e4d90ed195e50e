using PortiaWatch.Linux.Containers;
using PortiaWatch.Pipeline.Enrichment;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Processes;

/// <summary>Who will start a process again after it ends: the container's engine, the service manager, or a program that watches its children.</summary>
internal static class Supervision
{
    /// <summary>Beyond this many generations a watcher has other business than this process.</summary>
    private const int GenerationsWatched = 4;

    /// <param name="process">The process and its surroundings.</param>
    /// <param name="container">The container it runs in; null when it is in none (or in our own).</param>
    /// <param name="environment">Reads a variable of the process's environment.</param>
    public static Supervisor? Find(ProcessReading process, ContainerTag? container, Func<string, string?> environment)
    {
        if (container is not null)
            return new Supervisor(container.Engine, container.Id, container.StopCommand);
        return Watcher(process, environment) ?? Unit(process);
    }

    /// <summary>True when the process that started it is gone, and the manager that adopted it did not start it.</summary>
    public static bool IsOrphan(ProcessReading process)
    {
        if (process.Parent is not { IsManager: true })
            return false;
        return process.Unit is not { IsService: true } || process.HasTerminal || !process.IsOldestOfUnit();
    }

    private static Supervisor? Watcher(ProcessReading process, Func<string, string?> environment)
    {
        foreach (Ancestor ancestor in process.Ancestors.Take(GenerationsWatched))
        {
            if (ancestor.IsManager)
                return null;
            if (WatchingProgram.Kind(ancestor.Name, ancestor.Command) is { } kind)
                return new Supervisor(kind, $"{kind} (pid {ancestor.Pid})", WatchingProgram.StopCommand(kind, ancestor.Command, environment));
        }

        return null;
    }

    private static Supervisor? Unit(ProcessReading process)
    {
        if (process.Unit is not { IsService: true } unit || process.HasTerminal)
            return null;

        // An orphan that was left behind in somebody's unit is not what that unit is for.
        bool isMain = process.Parent is { IsManager: true };
        if (isMain ? !process.IsOldestOfUnit() : unit.IsDesktopProgram)
            return null;
        return new Supervisor("systemd", unit.Name, unit.StopCommand);
    }
}
