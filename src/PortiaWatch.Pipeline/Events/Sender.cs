namespace PortiaWatch.Pipeline.Events;

/// <summary>Who wrote a record, as the system vouches for it (journald's <c>_PID</c>, os_log's processID, a kernel event). Never read out of text.</summary>
public sealed record Sender(int Pid)
{
    /// <summary>Null where the source does not say.</summary>
    public uint? Uid { get; init; }

    /// <summary>The systemd unit or launchd label, where the source says.</summary>
    public string? Unit { get; init; }

    /// <summary>Short name (comm) of the program, where the source says.</summary>
    public string? Name { get; init; }

    /// <summary>Full path of the executable, where the source says.</summary>
    public string? Executable { get; init; }

    /// <summary>What was read from the process while it was still there; null when it was gone already or nobody looked.</summary>
    public ProcessFacts? Facts { get; init; }

    /// <summary>True when it is known to have been gone before anything could be read of it: whoever has <see cref="Pid"/> now is another, however old.</summary>
    public bool IsGone { get; init; }

    /// <summary>
    /// Where it runs when that is not where we are ("pid 17 of another pid namespace"), for people. <see cref="Pid"/> is then 0: it has no number here, and must
    /// not be taken for the local process that happens to have that one.
    /// </summary>
    public string? Elsewhere { get; init; }

    /// <summary>
    /// Inode of the network namespace of the refused socket, where the source says and it is not our own: no socket of ours can have blocked it. Null means ours, or not known.
    /// </summary>
    public ulong? ForeignNetwork { get; init; }

    /// <summary>
    /// True when the system vouches only for a program that passes on a container's text: neither who was refused is known then, nor in which network. <see cref="Pid"/> is 0.
    /// </summary>
    public bool IsRelayed { get; init; }
}
