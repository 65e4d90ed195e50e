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
}
