using System.Buffers.Binary;
using System.Net;
using System.Text;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Ebpf;

/// <summary>Turns what the kernel has of an address into an <see cref="Endpoint"/>.</summary>
internal static class RefusedEndpoint
{
    // bits/socket.h
    public const int AF_UNIX = 1;
    public const int AF_INET = 2;
    public const int AF_INET6 = 10;
    private const int SOCK_STREAM = 1;
    private const int SOCK_DGRAM = 2;

    /// <summary>
    /// The endpoint of an event: what bind was given, else what the socket is bound to. Null for families that have no ports or paths (netlink, packet, …): their
    /// EADDRINUSE is nobody's collision.
    /// </summary>
    public static Endpoint? Of(KernelEvent seen)
    {
        ReadOnlySpan<byte> given = seen.Address.Span;
        SeenSocket? socket = seen.Socket;
        if (seen.Kind != KernelEventKind.BindRefused || given.Length < sizeof(ushort))
            return socket is null ? Unknown(seen) : OfSocket(socket);
        return BinaryPrimitives.ReadUInt16LittleEndian(given) switch
        {
            // struct sockaddr_in: family, port, address.
            AF_INET when given.Length >= 8 => Make(TransportOf(socket), new IPAddress(given.Slice(4, 4)), Port(given)),

            // struct sockaddr_in6: family, port, flow label, address, scope.
            AF_INET6 when given.Length >= 24 => Make(TransportOf(socket), new IPAddress(given.Slice(8, 16), Scope(given)), Port(given)),
            AF_UNIX => new Endpoint { Transport = Transport.Unix, Path = PathOf(given[sizeof(ushort)..]) },
            _ => null,
        };

        static int Port(ReadOnlySpan<byte> address) => BinaryPrimitives.ReadUInt16BigEndian(address[2..]);

        static long Scope(ReadOnlySpan<byte> address) => address.Length >= 28 ? BinaryPrimitives.ReadUInt32LittleEndian(address[24..]) : 0;
    }

    private static Endpoint? OfSocket(SeenSocket socket) => socket.Family switch
    {
        AF_INET or AF_INET6 => Make(TransportOf(socket), new IPAddress(socket.Address.Span), socket.Port),
        AF_UNIX => new Endpoint { Transport = Transport.Unix },
        _ => null,
    };

    /// <summary>The call is known and nothing else: a collision of this program, on a port that others must find out.</summary>
    private static Endpoint? Unknown(KernelEvent seen) => seen.Address.IsEmpty ? new Endpoint() : null;

    private static Endpoint Make(Transport? transport, IPAddress address, int port) => new()
    {
        Transport = transport,
        Address = Endpoint.Normalise(address.ToString()),
        Port = port == 0 ? null : port,
    };

    /// <summary>Other types (raw, SCTP's packets) have conflicts of their own that the socket table does not know.</summary>
    private static Transport? TransportOf(SeenSocket? socket) => socket?.Type switch
    {
        SOCK_STREAM => Transport.Tcp,
        SOCK_DGRAM => Transport.Udp,
        _ => null,
    };

    /// <summary>A path ends at its NUL; an abstract name begins with one and may hold more, shown as <c>@</c> like ss does.</summary>
    private static string? PathOf(ReadOnlySpan<byte> path)
    {
        if (path.IsEmpty)
            return null;
        if (path[0] == 0)
            return Encoding.UTF8.GetString(path).Replace('\0', '@');
        int end = path.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? path : path[..end]);
    }
}
