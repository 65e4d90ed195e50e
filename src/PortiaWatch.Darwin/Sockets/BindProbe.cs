using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using PortiaWatch.Darwin.Interop;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Darwin.Sockets;

/// <summary>Finds out whether a plain bind succeeds by doing it. Raw calls, because .NET's Socket sets SO_REUSEADDR of its own.</summary>
internal static class BindProbe
{
    // A bind to 0.0.0.0 does not meet IPv6 sockets, and one to :: does not meet IPv4 sockets.
    private static readonly IPAddress[] Everywhere = [IPAddress.IPv6Any, IPAddress.Any];

    /// <summary>Null when it cannot be tried: no right to the port, a unix path, an address that is not ours.</summary>
    public static bool? Try(Endpoint endpoint)
    {
        if (endpoint.Port is not { } port || endpoint.Transport == Transport.Unix)
            return null;
        bool? answer = null;
        foreach (IPAddress address in BindTarget.Of(endpoint.Address).SelectMany(target => target.Address is { } one ? [one] : Everywhere))
        {
            int errno = Bind(endpoint.Transport ?? Transport.Tcp, address, (ushort)port);
            if (errno == libSystem.EADDRINUSE)
                return false;
            if (errno == 0)
                answer = true;
        }

        return answer;
    }

    // Without listen nothing can connect, and the port is free again when the descriptor is closed.
    private static int Bind(Transport transport, IPAddress address, ushort port)
    {
        bool isV6 = address.AddressFamily == AddressFamily.InterNetworkV6;
        int type = transport == Transport.Udp ? libSystem.SOCK_DGRAM : libSystem.SOCK_STREAM;
        using SocketDescriptor descriptor = new(libSystem.socket(isV6 ? libSystem.AF_INET6 : libSystem.AF_INET, type, 0));
        if (descriptor.IsInvalid)
            return Marshal.GetLastPInvokeError();
        return isV6 ? libSystem.bind(descriptor.Number, InV6(address, port)) : libSystem.bind(descriptor.Number, InV4(address, port));
    }

    private static sockaddr_in InV4(IPAddress address, ushort port)
    {
        sockaddr_in name = new() { sin_len = 16, sin_family = libSystem.AF_INET, sin_port = Network(port) };
        _ = address.TryWriteBytes(name.sin_addr, out _);
        return name;
    }

    private static sockaddr_in6 InV6(IPAddress address, ushort port)
    {
        sockaddr_in6 name = new() { sin6_len = 28, sin6_family = libSystem.AF_INET6, sin6_port = Network(port), sin6_scope_id = (uint)address.ScopeId };
        _ = address.TryWriteBytes(name.sin6_addr, out _);
        return name;
    }

    private static ushort Network(ushort port) => System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(port);
}
