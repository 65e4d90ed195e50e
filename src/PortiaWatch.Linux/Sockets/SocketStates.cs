using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Sockets;

/// <summary>The kernel's socket states (net/tcp_states.h) and the sets that we ask for.</summary>
internal static class SocketStates
{
    public const int Established = 1;
    public const int SynReceived = 3;
    public const int TimeWait = 6;
    public const int Close = 7;
    public const int Listen = 10;
    public const int BoundInactive = 13;

    public const uint Listening = 1u << Listen;

    /// <summary>Bound, not listening. Kernels before 6.8 do not know the state and leave these sockets out.</summary>
    public const uint Bound = 1u << BoundInactive;

    /// <summary>All states of a connection that keep the local port. SYN_RECV is left out: such a request has no place in the bind table.</summary>
    public const uint Connections = 0xFFE & ~(1u << SynReceived) & ~(1u << Close) & ~Listening;

    public const uint All = 0xFFFFFFFF;

    /// <summary>A udp socket that was connected belongs to a client; servers stay open to everybody.</summary>
    public static SocketUse UdpUse(int state) => state == Established ? SocketUse.Connected : SocketUse.Bound;

    /// <summary>What a tcp socket in <paramref name="state"/> does to its port. Without an inode nobody owns it any more.</summary>
    public static SocketUse TcpUse(int state, ulong inode) => state switch
    {
        Listen => SocketUse.Listening,
        Close or BoundInactive => SocketUse.Bound,
        _ => inode == 0 ? SocketUse.TimeWait : SocketUse.Connected,
    };
}
