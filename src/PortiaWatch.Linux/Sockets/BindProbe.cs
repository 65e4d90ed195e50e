using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using PortiaWatch.Linux.Interop;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Sockets;

/// <summary>Finds out whether a plain bind succeeds by doing it. Raw calls, because .NET's Socket sets options of its own.</summary>
internal static class BindProbe
{
    /// <summary>One of the sixteen million loopback addresses that nobody binds by itself: only a wildcard stands in the way there.</summary>
    public const string UnusedLoopback = "127.213.7.91";

    private static readonly IPAddress[] Everywhere = [IPAddress.IPv6Any, IPAddress.Any, IPAddress.Loopback, IPAddress.IPv6Loopback];

    /// <summary>Null when it cannot be tried: no right to the port, a unix path, an address that is not ours.</summary>
    public static bool? Try(Endpoint endpoint)
    {
        if (endpoint.Port is not { } port || endpoint.Transport == Transport.Unix)
            return null;
        bool? answer = null;
        foreach (IPAddress address in Addresses(endpoint.Address))
        {
            int error = Bind(endpoint.Transport == Transport.Udp ? Libc.SOCK_DGRAM : Libc.SOCK_STREAM, address, port);
            if (error == Libc.EADDRINUSE)
                return false;
            if (error == 0)
                answer = true;
        }

        return answer;
    }

    private static IPAddress[] Addresses(string? address)
    {
        if (address is null or "*")
            return Everywhere;
        if (address == "localhost")
            return [IPAddress.Loopback, IPAddress.IPv6Loopback];
        return IPAddress.TryParse(address, out IPAddress? ip) ? [ip] : Everywhere;
    }

    // The errno; 0 when it worked. Without listen nothing can connect, and the port is free again when the descriptor is closed.
    private static unsafe int Bind(int type, IPAddress address, int port)
    {
        bool v6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        int fd = Libc.socket(v6 ? Libc.AF_INET6 : Libc.AF_INET, type | Libc.SOCK_CLOEXEC, 0);
        if (fd < 0)
            return System.Runtime.InteropServices.Marshal.GetLastPInvokeError();
        using var socket = new Descriptor(fd);

        // sockaddr_in is 16 bytes with the address at 4, sockaddr_in6 28 with the address at 8 and the scope at 24.
        Span<byte> name = stackalloc byte[28];
        name.Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(name, (ushort)(v6 ? Libc.AF_INET6 : Libc.AF_INET));
        BinaryPrimitives.WriteUInt16BigEndian(name[2..], (ushort)port);
        _ = address.TryWriteBytes(name[(v6 ? 8 : 4)..], out _);
        if (v6)
            BinaryPrimitives.WriteUInt32LittleEndian(name[24..], (uint)address.ScopeId);
        fixed (byte* start = name)
            return Libc.bind(fd, start, v6 ? 28 : 16) == 0 ? 0 : System.Runtime.InteropServices.Marshal.GetLastPInvokeError();
    }
}
