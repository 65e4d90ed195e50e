using PortiaWatch.Darwin.Launchd;
using PortiaWatch.Pipeline.Enrichment;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Darwin.Processes;

/// <summary>Who will start a process again after it ends, and whether the one who started it is gone.</summary>
internal sealed record Supervision(Supervisor? Supervisor, bool IsOrphan)
{
    /// <summary>Beyond this many generations a watcher has other business than this process.</summary>
    private const int GenerationsWatched = 4;

    /// <param name="process">The process in question.</param>
    /// <param name="ancestors">Nearest first.</param>
    /// <param name="jobs">What launchd runs.</param>
    /// <param name="environment">Reads a variable of the process.</param>
    public static Supervision Of(ProcessReading process, IReadOnlyList<Ancestor> ancestors, LaunchdJobs jobs, Func<string, string?> environment)
    {
        if (Watcher(ancestors, environment) is { } watcher)
            return new Supervision(watcher, false);

        // Only what launchd itself started, or what still runs in the process group of that, is the job; a shell's children have groups of their own.
        int root = process.Parent == 1 ? process.Pid : process.Group;
        bool rootIsLaunchds = root == process.Pid ? process.Parent == 1 : ancestors.Any(a => a.Pid == root && a.Parent == 1);
        LaunchdJob? job = rootIsLaunchds ? jobs.Find(root, process.EffectiveUid) : null;
        return new Supervision(job?.Supervisor, process.Parent == 1 && job is null && process.Pid != 1);
    }

    private static Supervisor? Watcher(IReadOnlyList<Ancestor> ancestors, Func<string, string?> environment)
    {
        foreach (Ancestor ancestor in ancestors.Take(GenerationsWatched).TakeWhile(a => !a.IsLaunchd))
        {
            if (WatchingProgram.Kind(ancestor.Name, ancestor.Command) is { } kind)
                return new Supervisor(kind, $"{kind} (pid {ancestor.Pid})", WatchingProgram.StopCommand(kind, ancestor.Command, environment));
        }

        return null;
    }
}
