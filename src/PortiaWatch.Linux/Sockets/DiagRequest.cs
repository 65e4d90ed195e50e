using System.Buffers.Binary;
using PortiaWatch.Linux.Interop;

namespace PortiaWatch.Linux.Sockets;

/// <summary>Writes requests for NETLINK_SOCK_DIAG (linux/sock_diag.h, linux/inet_diag.h, linux/unix_diag.h). Each returns the bytes written.</summary>
internal static class DiagRequest
{
    /// <summary>No request is longer.</summary>
    public const int MaxBytes = 128;

    private const int TcpDiagGetSock = 18;
    private const int SockDiagByFamily = 20;
    private const ushort FlagRequest = 1;
    private const ushort FlagDump = 0x300;

    private const byte ByteCodeSourceGreaterOrEqual = 2;
    private const byte ByteCodeSourceLessOrEqual = 3;
    private const int AttributeByteCode = 1;

    /// <summary>UDIAG_SHOW_NAME, UDIAG_SHOW_VFS, UDIAG_SHOW_UID.</summary>
    private const uint UnixShow = 0x43;

    /// <summary>
    /// All tcp sockets in <paramref name="states"/>, IPv4 and IPv6 in one go: only this older request type knows both families at once. Port 0 means every port.
    /// </summary>
    public static int Tcp(Span<byte> request, uint sequence, uint states, int port)
    {
        const int Fixed = NetlinkMessages.HeaderBytes + 60;
        request.Clear();
        int length = Fixed;
        Span<byte> body = request[NetlinkMessages.HeaderBytes..];
        body[0] = Libc.AF_INET;
        BinaryPrimitives.WriteUInt16BigEndian(body[4..], (ushort)port);
        BinaryPrimitives.WriteUInt32LittleEndian(body[52..], states);

        // The port in the request is ignored for bound sockets, so the same is said in the kernel's filter code.
        if (port != 0)
            length += WritePortFilter(request[Fixed..], port);
        WriteHeader(request, length, TcpDiagGetSock, FlagRequest | FlagDump, sequence);
        return length;
    }

    /// <summary>All udp sockets of one family in <paramref name="states"/>. Port 0 means every port.</summary>
    public static int Udp(Span<byte> request, uint sequence, byte family, uint states, int port)
    {
        request.Clear();
        int length = WriteInet(request, family, Libc.IPPROTO_UDP, states);
        BinaryPrimitives.WriteUInt16BigEndian(request[(NetlinkMessages.HeaderBytes + 8)..], (ushort)port);
        WriteHeader(request, length, SockDiagByFamily, FlagRequest | FlagDump, sequence);
        return length;
    }

    /// <summary>The one listener that the kernel would give a connection to this address: no dump, so its cost does not grow with the number of sockets.</summary>
    public static int TcpListener(Span<byte> request, uint sequence, byte family, ReadOnlySpan<byte> address, int port)
    {
        request.Clear();
        int length = WriteInet(request, family, Libc.IPPROTO_TCP, SocketStates.Listening);
        Span<byte> id = request[(NetlinkMessages.HeaderBytes + 8)..];
        BinaryPrimitives.WriteUInt16BigEndian(id, (ushort)port);
        address.CopyTo(id[4..]);
        address.CopyTo(id[20..]);

        // INET_DIAG_NOCOOKIE twice: whichever generation of the socket.
        id[40..48].Fill(0xFF);
        WriteHeader(request, length, SockDiagByFamily, FlagRequest, sequence);
        return length;
    }

    /// <summary>All unix sockets in <paramref name="states"/> with name, file and owner.</summary>
    public static int Unix(Span<byte> request, uint sequence, uint states)
    {
        const int Length = NetlinkMessages.HeaderBytes + 24;
        request.Clear();
        Span<byte> body = request[NetlinkMessages.HeaderBytes..];
        body[0] = Libc.AF_UNIX;
        BinaryPrimitives.WriteUInt32LittleEndian(body[4..], states);
        BinaryPrimitives.WriteUInt32LittleEndian(body[12..], UnixShow);
        body[16..24].Fill(0xFF);
        WriteHeader(request, Length, SockDiagByFamily, FlagRequest | FlagDump, sequence);
        return Length;
    }

    private static int WriteInet(Span<byte> request, byte family, byte protocol, uint states)
    {
        Span<byte> body = request[NetlinkMessages.HeaderBytes..];
        body[0] = family;
        body[1] = protocol;
        BinaryPrimitives.WriteUInt32LittleEndian(body[4..], states);
        return NetlinkMessages.HeaderBytes + 56;
    }

    // port >= P and port <= P; "yes" and "no" are byte offsets from their own instruction, past the end means refused.
    private static int WritePortFilter(Span<byte> attribute, int port)
    {
        const int Length = 20;
        BinaryPrimitives.WriteUInt16LittleEndian(attribute, Length);
        BinaryPrimitives.WriteUInt16LittleEndian(attribute[2..], AttributeByteCode);
        WriteOperation(attribute[4..], ByteCodeSourceGreaterOrEqual, 8, 20);
        WriteOperation(attribute[8..], 0, 0, (ushort)port);
        WriteOperation(attribute[12..], ByteCodeSourceLessOrEqual, 8, 12);
        WriteOperation(attribute[16..], 0, 0, (ushort)port);
        return Length;
    }

    private static void WriteOperation(Span<byte> at, byte code, byte yes, ushort no)
    {
        at[0] = code;
        at[1] = yes;
        BinaryPrimitives.WriteUInt16LittleEndian(at[2..], no);
    }

    private static void WriteHeader(Span<byte> request, int length, ushort type, ushort flags, uint sequence)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(request, (uint)length);
        BinaryPrimitives.WriteUInt16LittleEndian(request[4..], type);
        BinaryPrimitives.WriteUInt16LittleEndian(request[6..], flags);
        BinaryPrimitives.WriteUInt32LittleEndian(request[8..], sequence);
    }
}
