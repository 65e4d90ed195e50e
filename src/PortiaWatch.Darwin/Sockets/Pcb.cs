using System.Net;
using PortiaWatch.Darwin.Interop;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Darwin.Sockets;

/// <summary>One protocol control block of the kernel's list: a socket with a port, or what is left of one.</summary>
internal sealed record Pcb
{
    // bsd/netinet/in_pcb.h
    public const int INP_IPV4 = 1;
    public const int INP_IPV6 = 2;
    public const int INP_V4MAPPEDV6 = 4;

    // bsd/netinet/tcp_fsm.h
    public const int TCPS_CLOSED = 0;
    public const int TCPS_LISTEN = 1;
    public const int TCPS_TIME_WAIT = 10;

    // bsd/sys/socketvar.h
    private const int SS_NOFDREF = 0x0001;
    private const int SS_INCOMP = 0x0800;
    private const int SS_COMP = 0x1000;

    public required Transport Transport { get; init; }

    /// <summary>inp_vflag: IPv4, IPv6, both for a dual-stack wildcard; a v4-mapped udp bind has INP_V4MAPPEDV6 too.</summary>
    public required int AddressFlags { get; init; }

    /// <summary>AF_INET6 with IPv4 flags alone is a v4-mapped bind, or an IPv4 connection that a dual-stack listener accepted. 0 where there is no socket.</summary>
    public int SocketFamily { get; init; }

    /// <summary>A link-local address has its scope; the kernel's embedded form is taken apart.</summary>
    public required IPAddress Local { get; init; }

    /// <summary>Host order; 0 when not bound.</summary>
    public required int LocalPort { get; init; }

    public required IPAddress Remote { get; init; }

    public int RemotePort { get; init; }

    /// <summary>TCPS_*; null for udp.</summary>
    public int? State { get; init; }

    /// <summary>Effective uid of whoever called socket(). Means nothing on a <see cref="IsUserSpaceFlow"/>.</summary>
    public uint Uid { get; init; }

    /// <summary>Who used the socket last: a hint where to look, never the owner.</summary>
    public int LastPid { get; init; }

    /// <summary>Whom a privileged process used it for; 0 normally.</summary>
    public int EffectivePid { get; init; }

    /// <summary>xso_so, equal to soi_so of every descriptor on the same socket until the next boot; 0 without a kernel socket.</summary>
    public ulong Socket { get; init; }

    public ulong Handle { get; init; }

    public ulong Generation { get; init; }

    public ulong SocketGeneration { get; init; }

    public uint Options { get; init; }

    public int SocketState { get; init; }

    public int QueueLength { get; init; }

    public int QueueLimit { get; init; }

    public int Flags { get; init; }

    public uint Flags2 { get; init; }

    public bool HasSocket => Socket != 0;

    /// <summary>A flow of the user-space network stack (Skywalk): it holds the port, and no descriptor proves whose it is.</summary>
    public bool IsUserSpaceFlow => Socket == 0 && LastPid != 0;

    /// <summary>Waits in an accept queue: its port is the listener's, and no process has a descriptor on it yet.</summary>
    public bool IsInAcceptQueue => (SocketState & SS_NOFDREF) != 0 && (SocketState & (SS_COMP | SS_INCOMP)) != 0;

    public bool IsListening => Transport == Transport.Tcp && (State == TCPS_LISTEN || (State is null && (Options & libSystem.SO_ACCEPTCONN) != 0));

    /// <summary>A dual-stack wildcard: one socket for both families.</summary>
    public bool IsDualStack => (AddressFlags & (INP_IPV4 | INP_IPV6)) == (INP_IPV4 | INP_IPV6);

    public bool IsV4 => (AddressFlags & INP_IPV4) != 0;

    public bool IsV6 => (AddressFlags & INP_IPV6) != 0;

    public bool IsWildcard => Local.Equals(IPAddress.Any) || Local.Equals(IPAddress.IPv6Any);

    public Endpoint Endpoint => new() { Transport = Transport, Address = Endpoint.Normalise(Local.ToString()), Port = LocalPort };

    public SocketUse Use
    {
        get
        {
            if (IsListening)
                return SocketUse.Listening;
            if (State == TCPS_TIME_WAIT)
                return SocketUse.TimeWait;
            return RemotePort != 0 ? SocketUse.Connected : SocketUse.Bound;
        }
    }
}
