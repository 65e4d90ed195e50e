using System.Net;
using System.Net.Sockets;

namespace PortiaWatch.Darwin.Sockets;

/// <summary>One address that a bind would ask for, and the kernel's rule for what stands in its way (bsd/netinet/in_pcb.c, bsd/netinet6/in6_pcb.c).</summary>
/// <param name="Address">IPv4 or IPv6, v4-mapped already turned into IPv4; null means any address of either family.</param>
internal sealed record BindTarget(IPAddress? Address)
{
    /// <summary>The addresses that an endpoint's address means. Null, <c>*</c> and an unknown name mean any. Never empty.</summary>
    public static IReadOnlyList<BindTarget> Of(string? address)
    {
        if (address == "localhost")
            return [new(IPAddress.Loopback), new(IPAddress.IPv6Loopback)];
        if (address is null or "*" || !IPAddress.TryParse(address, out IPAddress? ip))
            return [new((IPAddress?)null)];
        return [new(ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4() : ip)];
    }

    /// <summary>
    /// The rule for a binder without SO_REUSEADDR and SO_REUSEPORT: then the other's options and state do not matter, only whether the addresses meet within one family.
    /// A dual-stack wildcard belongs to both families as a holder; as a binder <c>::</c> is refused by IPv6 sockets alone, and comes to stand beside a 0.0.0.0 holder.
    /// </summary>
    public bool MeetsWith(Pcb other)
    {
        if (Address is null)
            return true;
        bool isV6 = Address.AddressFamily == AddressFamily.InterNetworkV6;
        if (isV6 ? !other.IsV6 : !other.IsV4)
            return false;
        return Address.Equals(isV6 ? IPAddress.IPv6Any : IPAddress.Any) || other.IsWildcard || IsSame(other.Local);
    }

    /// <summary>The very address, not only one that covers it.</summary>
    public bool IsExactly(Pcb other) => Address is not null && IsSame(other.Local);

    // A zone that somebody left out matches any.
    private bool IsSame(IPAddress other)
    {
        if (Address is null || Address.AddressFamily != other.AddressFamily)
            return false;
        if (Address.Equals(other))
            return true;
        if (other.AddressFamily != AddressFamily.InterNetworkV6 || (Address.ScopeId != 0 && other.ScopeId != 0))
            return false;
        return Address.GetAddressBytes().AsSpan().SequenceEqual(other.GetAddressBytes());
    }
}
