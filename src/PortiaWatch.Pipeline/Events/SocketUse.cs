namespace PortiaWatch.Pipeline.Events;

/// <summary>How a socket that blocks an endpoint uses it.</summary>
public enum SocketUse
{
    Listening,

    /// <summary>Bound, not listening (every udp socket with a port; tcp between bind and listen).</summary>
    Bound,

    /// <summary>A connection whose local port blocks the bind although nobody listens there any more.</summary>
    Connected,

    /// <summary>Closed; the kernel keeps the port for a while. No process owns it.</summary>
    TimeWait,
}
