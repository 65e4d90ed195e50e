namespace PortiaWatch.Pipeline.Events;

/// <summary>One socket that blocks an endpoint, with one process that has a descriptor on it.</summary>
public sealed record SocketOwner
{
    /// <summary>The socket's local endpoint.</summary>
    public required Endpoint Endpoint { get; init; }

    public required SocketUse Use { get; init; }

    /// <summary>Kernel's handle of the socket: inode (Linux), xso_so (macOS); 0 where there is none (TIME_WAIT).</summary>
    public required ulong Socket { get; init; }

    /// <summary>Owner uid of the socket.</summary>
    public uint? Uid { get; init; }

    /// <summary>Null when no process could be found for it.</summary>
    public ProcessIdentity? Process { get; init; }

    /// <summary>Descriptor number in that process; null when not known.</summary>
    public int? Descriptor { get; init; }

    /// <summary>Unit or cgroup of an owner that could not be named; null when not known.</summary>
    public string? Unit { get; init; }
}
