using PortiaWatch.Linux.Processes;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Ebpf;

/// <summary>
/// Who was refused: what the event carries, and what /proc still has of the process. A program that fails and ends at once may be gone before we look; then the
/// event's own words (name, uid, start, command line, parent) are all there is. For one thread.
/// </summary>
internal sealed class ContenderReader(IProcessTable processes, NamespaceView view, TimeProvider time)
{
    // USER_HZ, in which /proc counts: 100 on every Linux machine that .NET runs on.
    private const ulong NanosecondsPerTick = 10_000_000;
    private const ulong FreshNanoseconds = 1_000_000_000;
    private const int MaxRecent = 256;

    private readonly Dictionary<int, (KernelEvent Event, Sender Sender)> _recent = [];

    /// <summary>The sender of a refusal. <paramref name="hurried"/> leaves /proc alone: so much waits in the ring that looking would cost us events.</summary>
    public Sender Read(KernelEvent seen, bool hurried)
    {
        // A program that tries again and again is looked at once a second.
        if (_recent.TryGetValue(seen.Process, out (KernelEvent Event, Sender Sender) last) && IsSameProgram(last.Event, seen))
            return last.Sender;

        Sender sender = Look(seen, hurried);
        if (_recent.Count >= MaxRecent)
            _recent.Clear();
        _recent[seen.Process] = (seen, sender);
        return sender;
    }

    private static bool IsSameProgram(KernelEvent known, KernelEvent seen) =>
        known.StartedNanoseconds == seen.StartedNanoseconds
        && known.Name == seen.Name
        && seen.TimeNanoseconds - known.TimeNanoseconds < FreshNanoseconds
        && known.Socket?.NetworkNamespace == seen.Socket?.NetworkNamespace
        && (known.Command ?? []).SequenceEqual(seen.Command ?? []);

    private Sender Look(KernelEvent seen, bool hurried)
    {
        int? pid = view.LocalPid(seen);
        ProcessFacts? facts = pid is { } live && !hurried ? StillThere(processes.Describe(live), seen) : null;
        facts ??= pid is { } gone ? FromEvent(seen, gone, hurried) : null;
        return new Sender(pid ?? 0)
        {
            Uid = seen.Uid,
            Name = seen.Name,
            Executable = facts?.Path,
            Facts = facts,
            Elsewhere = pid is null ? $"pid {seen.NestedProcess ?? seen.Process} of another pid namespace" : null,
            ForeignNetwork = view.ForeignNetwork(seen),
        };
    }

    /// <summary>Null when the pid is another process's by now. The event's command line is the better one: it is what ran when the call failed.</summary>
    private static ProcessFacts? StillThere(ProcessFacts? facts, KernelEvent seen)
    {
        if (facts is null)
            return null;
        bool isSame = seen.StartedNanoseconds is { } started
            ? facts.Identity.Generation == started / NanosecondsPerTick
            : facts.Identity.Generation <= seen.TimeNanoseconds / NanosecondsPerTick;
        if (!isSame)
            return null;
        if (seen.StartedNanoseconds is not null && seen.Name != facts.Name)
            facts = facts with { Name = seen.Name, Path = null, Identity = facts.Identity with { Image = null } };
        return seen.Command is { } command && (!seen.IsCommandCut || facts.Command is null) ? facts with { Command = command } : facts;
    }

    private ProcessFacts? FromEvent(KernelEvent seen, int pid, bool hurried)
    {
        if (seen.StartedNanoseconds is not { } started)
            return null;
        ProcessFacts? parent = !hurried && view.SeesEverything && seen.Parent is > 0 and { } number ? processes.Describe(number) : null;
        return new ProcessFacts
        {
            Identity = new ProcessIdentity(pid, started / NanosecondsPerTick, null),
            Name = seen.Name,
            Command = seen.Command,
            Uid = seen.Uid,
            User = processes.UserName(seen.Uid),
            StartedAt = BootClock.At(started / NanosecondsPerTick, time),
            Parents = parent is null ? [] : [new ParentProcess(parent.Identity.Pid, parent.Name), .. parent.Parents],
        };
    }
}
