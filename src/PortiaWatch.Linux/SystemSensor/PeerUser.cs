using System.Buffers.Binary;
using System.Net.Sockets;

namespace PortiaWatch.Linux.SystemSensor;

/// <summary>Whose process is at the other end of a unix socket, as the kernel noted when it connected or began to listen (SO_PEERCRED, unix(7)).</summary>
internal static class PeerUser
{
    private const int SOL_SOCKET = 1;
    private const int SO_PEERCRED = 17;

    public static uint Of(Socket socket)
    {
        // struct ucred: pid, uid, gid.
        Span<byte> credentials = stackalloc byte[12];
        socket.GetRawSocketOption(SOL_SOCKET, SO_PEERCRED, credentials);
        return BinaryPrimitives.ReadUInt32LittleEndian(credentials[4..]);
    }
}
