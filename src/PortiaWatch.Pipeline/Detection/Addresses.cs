namespace PortiaWatch.Pipeline.Detection;

/// <summary>What kind of address an endpoint's address is.</summary>
internal static class Addresses
{
    /// <summary>True for what a server on this machine can always bind (unstated, any, loopback): a bind to it hardly fails for another reason than a taken port.</summary>
    public static bool IsOwn(string? address) =>
        address is null or "*" or "::" or "0.0.0.0" or "localhost" or "::1" or "any" or "wildcard" or "loopback" || address.StartsWith("127.", StringComparison.Ordinal);
}
