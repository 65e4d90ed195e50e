using PortiaWatch.Linux.Processes;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Ebpf;

/// <summary>
/// Who was refused: what the event carries (name, uid, start, command line, parent), and a glimpse of what /proc still has. Whoever wants more of a process that
/// lives on looks for himself: here every microsecond is one in which the next may be gone.
/// </summary>
/// <param name="view">Which of the kernel's numbers mean something here.</param>
/// <param name="glimpse">Pid and, where known, parent to what can be seen of it: <see cref="Glimpse.Of"/>.</param>
/// <param name="userName">Uid to login name.</param>
/// <param name="time">For the start's time of day.</param>
internal sealed class ContenderReader(NamespaceView view, Func<int, int?, Glimpse> glimpse, Func<uint, string> userName, TimeProvider time)
{
    // USER_HZ, in which /proc counts: 100 on every Linux machine that .NET runs on.
    private const ulong NanosecondsPerTick = 10_000_000;

    /// <summary>The sender of a refusal. <paramref name="hurried"/> leaves /proc alone: so much waits in the ring that looking would cost us events.</summary>
    public Sender Read(KernelEvent seen, bool hurried)
    {
        int? pid = view.LocalPid(seen);
        Glimpse? fleeting = pid is { } live && !hurried ? Trusted(glimpse(live, view.SeesEverything ? seen.Parent : null), seen) : null;
        return new Sender(pid ?? 0)
        {
            Uid = seen.Uid,
            Name = seen.Name,
            Executable = fleeting?.Executable,
            Facts = pid is { } local ? FactsOf(seen, local, fleeting ?? new Glimpse()) : null,
            Elsewhere = pid is null ? $"pid {seen.NestedProcess ?? seen.Process} of another pid namespace" : null,
            ForeignNetwork = view.ForeignNetwork(seen),
        };
    }

    /// <summary>
    /// Null when the pid is another process's by now. One that is gone cannot have given its pid away yet: pids come round only after all the others.
    /// </summary>
    private static Glimpse? Trusted(Glimpse look, KernelEvent seen)
    {
        if (look.Started is { } ticks && (seen.StartedNanoseconds is { } started ? ticks != started / NanosecondsPerTick : ticks > seen.TimeNanoseconds / NanosecondsPerTick))
            return null;

        // Another program in the same process: exec came before our look.
        bool isReplaced = seen.StartedNanoseconds is not null && look.Name is not null && look.Name != seen.Name;
        return isReplaced ? look with { Executable = null } : look;
    }

    /// <summary>Null when not even the start is known: then there is no identity.</summary>
    private ProcessFacts? FactsOf(KernelEvent seen, int pid, Glimpse look)
    {
        if ((seen.StartedNanoseconds / NanosecondsPerTick ?? look.Started) is not { } ticks)
            return null;
        return new ProcessFacts
        {
            Identity = new ProcessIdentity(pid, ticks, null),
            Name = seen.Name,
            Path = look.Executable,
            Command = seen.IsCommandCut ? null : seen.Command,
            WorkingDirectory = look.Folder,
            Project = look.Project,
            Uid = seen.Uid,
            User = userName(seen.Uid),
            StartedAt = BootClock.At(ticks, time),
            Parents = look.Parents,
        };
    }
}
