using System.Buffers.Binary;
using System.Net;
using PortiaWatch.Linux.Interop;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Sockets;

/// <summary>
/// A conversation with NETLINK_SOCK_DIAG in the network namespace in which it was opened. Not thread-safe. Every question answers false when the kernel refuses it
/// (seccomp, no module); then /proc/net has to do.
/// </summary>
internal sealed class SockDiag : IDisposable
{
    private const int BufferBytes = 64 * 1024;

    private readonly Descriptor _socket;
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferBytes, pinned: true);
    private uint _sequence;

    private SockDiag(Descriptor socket) => _socket = socket;

    private delegate void MessageHandler<TState>(ReadOnlySpan<byte> message, TState state);

    /// <summary>Null when the kernel gives no such socket.</summary>
    public static SockDiag? TryOpen()
    {
        int fd = Libc.socket(Libc.AF_NETLINK, Libc.SOCK_RAW | Libc.SOCK_CLOEXEC, Libc.NETLINK_SOCK_DIAG);
        return fd < 0 ? null : new SockDiag(WithTimeout(fd));
    }

    /// <summary>Adds the tcp sockets in <paramref name="states"/> on <paramref name="port"/>; port 0 means every port.</summary>
    public bool TryReadTcp(uint states, int port, List<KernelSocket> into)
    {
        Span<byte> request = stackalloc byte[DiagRequest.MaxBytes];
        int length = DiagRequest.Tcp(request, ++_sequence, states, port);
        return Ask(request[..length], (port, into), static (message, wanted) => Add(message, Transport.Tcp, wanted.port, wanted.into));
    }

    /// <summary>Adds the udp sockets of one family in <paramref name="states"/> on <paramref name="port"/>; port 0 means every port.</summary>
    public bool TryReadUdp(byte family, uint states, int port, List<KernelSocket> into)
    {
        Span<byte> request = stackalloc byte[DiagRequest.MaxBytes];
        int length = DiagRequest.Udp(request, ++_sequence, family, states, port);
        return Ask(request[..length], (port, into), static (message, wanted) => Add(message, Transport.Udp, wanted.port, wanted.into));
    }

    /// <summary>Adds the one listener that would get a connection to this address, if there is one. Its cost does not depend on the number of sockets.</summary>
    public bool TryFindTcpListener(IPAddress address, int port, List<KernelSocket> into)
    {
        Span<byte> request = stackalloc byte[DiagRequest.MaxBytes];
        Span<byte> bytes = stackalloc byte[16];
        _ = address.TryWriteBytes(bytes, out int addressLength);
        int length = DiagRequest.TcpListener(request, ++_sequence, addressLength == 4 ? (byte)Libc.AF_INET : (byte)Libc.AF_INET6, bytes[..addressLength], port);
        return Ask(request[..length], (port, into), static (message, wanted) => Add(message, Transport.Tcp, wanted.port, wanted.into), isDump: false);
    }

    /// <summary>Adds the named unix sockets in <paramref name="states"/>.</summary>
    public bool TryReadUnix(uint states, Predicate<UnixSocketEntry> wanted, List<UnixSocketEntry> into)
    {
        Span<byte> request = stackalloc byte[DiagRequest.MaxBytes];
        int length = DiagRequest.Unix(request, ++_sequence, states);
        return Ask(request[..length], (wanted, into), static (message, to) =>
        {
            if (UnixSocketEntry.TryRead(message, out UnixSocketEntry? entry) && to.wanted(entry))
                to.into.Add(entry);
        });
    }

    public void Dispose() => _socket.Dispose();

    private static void Add(ReadOnlySpan<byte> message, Transport transport, int port, List<KernelSocket> into)
    {
        int found = InetDiagMessage.Port(message);

        // Port 0: a socket that is not bound yet and blocks nothing.
        if (found != 0 && (port == 0 || found == port) && InetDiagMessage.TryRead(message, transport, out KernelSocket? socket))
            into.Add(socket);
    }

    private static unsafe Descriptor WithTimeout(int fd)
    {
        // struct timeval. The kernel answers within the call; this only bounds a kernel that never does.
        long* limit = stackalloc long[] { 2, 0 };
        _ = Libc.setsockopt(fd, Libc.SOL_SOCKET, Libc.SO_RCVTIMEO, (byte*)limit, 16);
        return new Descriptor(fd);
    }

    private unsafe bool Ask<TState>(ReadOnlySpan<byte> request, TState state, MessageHandler<TState> handle, bool isDump = true)
    {
        fixed (byte* start = request)
        {
            if (Libc.send(_socket.Number, start, request.Length, 0) != request.Length)
                return false;
        }

        while (true)
        {
            nint length;
            fixed (byte* start = _buffer)
                length = Libc.recv(_socket.Number, start, BufferBytes, 0);
            if (length <= 0)
                return false;
            var messages = new NetlinkMessages(_buffer.AsSpan(0, (int)length));
            while (messages.MoveNext())
            {
                // What an earlier question left behind when its answer was given up.
                if (messages.Sequence != _sequence)
                    continue;
                if (messages.Type == NetlinkMessages.Done)
                    return true;

                // A single question that finds nothing is answered with ENOENT.
                if (messages.Type == NetlinkMessages.Error)
                    return !isDump && messages.Payload.Length >= 4 && BinaryPrimitives.ReadInt32LittleEndian(messages.Payload) is -Libc.ENOENT or 0;
                handle(messages.Payload, state);
                if (!isDump)
                    return true;
            }
        }
    }
}
