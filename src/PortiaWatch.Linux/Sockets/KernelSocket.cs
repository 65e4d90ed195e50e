using System.Net;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Sockets;

/// <summary>One tcp or udp socket as the kernel reports it.</summary>
internal sealed record KernelSocket
{
    public required Transport Transport { get; init; }

    /// <summary>Local address; v4-mapped ones are IPv4 here, as the kernel's own conflict rule takes them.</summary>
    public required IPAddress Address { get; init; }

    public required int Port { get; init; }

    public required SocketUse Use { get; init; }

    /// <summary>0 when no descriptor can exist: the kernel finishes the connection by itself, or it is the kernel's own socket.</summary>
    public required ulong Inode { get; init; }

    public uint? Uid { get; init; }

    /// <summary>For IPv6: takes no IPv4 traffic, so it leaves the IPv4 port alone. Null where the kernel does not say, which is so for connections.</summary>
    public bool? IsV6Only { get; init; }

    /// <summary>cgroup v2 id of the process that made the socket; null where the kernel does not say.</summary>
    public ulong? Cgroup { get; init; }

    /// <summary>How long the kernel keeps a closed socket; null where it does not say.</summary>
    public TimeSpan? ClearsIn { get; init; }

    /// <summary>The local endpoint as people write it: a socket for both protocols is <c>*</c>.</summary>
    public Endpoint Endpoint => new()
    {
        Transport = Transport,
        Address = Address.Equals(IPAddress.IPv6Any) && IsV6Only != true ? "*" : Address.ToString(),
        Port = Port,
    };
}
