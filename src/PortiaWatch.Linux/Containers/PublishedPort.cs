using System.Net;
using System.Text.Json;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Containers;

/// <summary>A port of the host that leads into a container.</summary>
/// <param name="Address">Null for every address.</param>
/// <param name="Port">On the host.</param>
/// <param name="IsUdp">False for tcp.</param>
internal sealed record PublishedPort(IPAddress? Address, int Port, bool IsUdp)
{
    /// <summary>Null for a port that is only exposed, and for what is no port.</summary>
    public static PublishedPort? Read(JsonElement port)
    {
        if (port.ValueKind != JsonValueKind.Object || !port.TryGetProperty("PublicPort", out JsonElement number) || number.ValueKind != JsonValueKind.Number || !number.TryGetInt32(out int publicPort) || publicPort is < 1 or > 65535)
            return null;
        string? type = port.TryGetProperty("Type", out JsonElement kind) && kind.ValueKind == JsonValueKind.String ? kind.GetString() : "tcp";
        string? ip = port.TryGetProperty("IP", out JsonElement address) && address.ValueKind == JsonValueKind.String ? address.GetString() : null;
        return type is "tcp" or "udp" ? new PublishedPort(Specific(ip), publicPort, type == "udp") : null;
    }

    /// <summary>Whether a socket on this local endpoint can be the one that publishes it.</summary>
    public bool Is(Endpoint endpoint) => endpoint.Port == Port && IsUdp == (endpoint.Transport == Transport.Udp)
        && (Specific(endpoint.Address) is not { } address || Address is null || Address.Equals(address));

    private static IPAddress? Specific(string? address)
    {
        if (!IPAddress.TryParse(address?.Trim('[', ']'), out IPAddress? parsed))
            return null;
        parsed = parsed.IsIPv4MappedToIPv6 ? parsed.MapToIPv4() : parsed;
        return parsed.Equals(IPAddress.Any) || parsed.Equals(IPAddress.IPv6Any) ? null : parsed;
    }
}
