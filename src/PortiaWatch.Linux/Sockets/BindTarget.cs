using System.Net;
using System.Net.Sockets;

namespace PortiaWatch.Linux.Sockets;

/// <summary>One address that a bind would ask for, and the kernel's rule for what stands in its way.</summary>
/// <param name="Address">IPv4 or IPv6, v4-mapped already turned into IPv4.</param>
/// <param name="IsV6Only">Only for <c>::</c>, where it decides whether IPv4 is asked for too.</param>
internal sealed record BindTarget(IPAddress Address, bool IsV6Only)
{
    /// <summary>Every address at once: what blocks this blocks somebody.</summary>
    public static BindTarget Any { get; } = new(IPAddress.IPv6Any, false);

    /// <summary>
    /// The addresses that an endpoint's address means. Null, <c>*</c> and an unknown name mean any. Empty never.
    /// </summary>
    public static IReadOnlyList<BindTarget> Of(string? address)
    {
        if (address is null or "*")
            return [Any];
        if (address == "localhost")
            return [new(IPAddress.Loopback, false), new(IPAddress.IPv6Loopback, true)];
        if (!IPAddress.TryParse(address, out IPAddress? ip))
            return [Any];
        if (ip.IsIPv4MappedToIPv6)
            ip = ip.MapToIPv4();
        return [new(ip, ip.AddressFamily == AddressFamily.InterNetworkV6 && !ip.Equals(IPAddress.IPv6Any))];
    }

    /// <summary>
    /// ipv4_rcv_saddr_equal and ipv6_rcv_saddr_equal of net/ipv4/inet_connection_sock.c, for a binder without SO_REUSEADDR and SO_REUSEPORT: then neither the other's
    /// options nor its state matter, only whether the addresses meet. (A specific IPv6 address makes its socket v6-only, see __inet6_bind.)
    /// </summary>
    /// <param name="other">The other socket's address.</param>
    /// <param name="otherIsV6Only">Null counts as no: then its address may meet IPv4's wildcard, see <see cref="IsDoubtful"/>.</param>
    public bool MeetsWith(IPAddress other, bool? otherIsV6Only)
    {
        bool v6 = Address.AddressFamily == AddressFamily.InterNetworkV6;
        bool otherV6 = other.AddressFamily == AddressFamily.InterNetworkV6;
        bool any = Address.Equals(v6 ? IPAddress.IPv6Any : IPAddress.Any);
        bool otherAny = other.Equals(otherV6 ? IPAddress.IPv6Any : IPAddress.Any);
        if (v6 == otherV6)
            return any || otherAny || SameBytes(Address, other);

        // An IPv6 connection that is not v6-only counts as one of 127.0.0.6 for the kernel (LOOPBACK4_IPV6), which IPv4's wildcard covers.
        return v6 ? any && !IsV6Only : (any || otherAny) && otherIsV6Only != true;
    }

    /// <summary>True when a meeting depends on something that the kernel does not tell: whether an IPv6 socket is v6-only.</summary>
    public bool IsDoubtful(KernelSocket socket) => socket.IsV6Only is null && socket.Address.AddressFamily == AddressFamily.InterNetworkV6
        && Address.AddressFamily == AddressFamily.InterNetwork;

    // The zone of a link-local address is not part of the kernel's comparison.
    private static bool SameBytes(IPAddress one, IPAddress other)
    {
        Span<byte> a = stackalloc byte[16];
        Span<byte> b = stackalloc byte[16];
        _ = one.TryWriteBytes(a, out int lengthA);
        _ = other.TryWriteBytes(b, out int lengthB);
        return a[..lengthA].SequenceEqual(b[..lengthB]);
    }
}
