namespace PortiaWatch.Pipeline.Events;

/// <summary>What the socket table says of an endpoint right now.</summary>
public enum PortState
{
    Free,
    Held,

    /// <summary>Only closed connections in TIME_WAIT block it.</summary>
    TimeWait,

    /// <summary>No socket holds it and still it cannot be bound.</summary>
    Reserved,

    /// <summary>It cannot be told with the rights we have. Never shown as free.</summary>
    Unknown,
}
