namespace PortiaWatch.Pipeline.Events;

/// <summary>The socket table's answer to "what blocks a bind to this endpoint".</summary>
public sealed record Occupancy
{
    public required PortState State { get; init; }

    /// <summary>One entry per (process, socket); a socket whose process cannot be found gives one entry without a pid.</summary>
    public IReadOnlyList<SocketOwner> Owners { get; init; } = [];

    /// <summary>What limits the answer (rights, namespaces), in one plain sentence; null when nothing does.</summary>
    public string? Limit { get; init; }

    /// <summary>For <see cref="PortState.TimeWait"/>: how long the kernel will keep the port; null when it does not say.</summary>
    public TimeSpan? ClearsIn { get; init; }

    public static Occupancy Free { get; } = new() { State = PortState.Free };
}
