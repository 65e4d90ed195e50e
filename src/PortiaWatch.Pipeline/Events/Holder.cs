namespace PortiaWatch.Pipeline.Events;

/// <summary>A process with a descriptor on the socket that blocks the endpoint. Never a client that is merely connected to it.</summary>
public sealed record Holder
{
    /// <summary>The local endpoint of the blocking socket.</summary>
    public required Endpoint Endpoint { get; init; }

    public required SocketUse Use { get; init; }

    /// <summary>Null when the process cannot be named (another user's, no right to look).</summary>
    public ProcessFacts? Process { get; init; }

    /// <summary>Owner of the socket as the kernel has it; known even where the process is not.</summary>
    public uint? Uid { get; init; }

    public string? User { get; init; }

    /// <summary>Unit or cgroup of a holder whose process cannot be named; null when not known.</summary>
    public string? Unit { get; init; }

    /// <summary>Why it must not be signalled, in one plain sentence; null when nothing protects it.</summary>
    public string? Protection { get; init; }

    /// <summary>What to do about this holder in one plain sentence (known squatter, supervisor's stop command); null when a strike is the plain answer.</summary>
    public string? Advice { get; init; }

    /// <summary>Name of the entry in squatters.json that knows it; null otherwise.</summary>
    public string? Known { get; init; }

    public bool IsProtected => Protection is not null;
}
