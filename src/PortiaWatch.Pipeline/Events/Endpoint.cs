using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace PortiaWatch.Pipeline.Events;

/// <summary>
/// Transport with address and port, or a unix path. <c>*:3000</c>, <c>127.0.0.1:3000</c> and <c>[::]:3000</c> are different endpoints that may or
/// may not conflict; the socket table decides.
/// </summary>
public sealed record Endpoint
{
    /// <summary>Null when the evidence does not say.</summary>
    public Transport? Transport { get; init; }

    /// <summary>As the program means it: a numeric address (v4-mapped ones normalised to v4, zone kept), <c>*</c>, or a name; null when not stated.</summary>
    public string? Address { get; init; }

    /// <summary>1 to 65535; null when not known.</summary>
    public int? Port { get; init; }

    /// <summary>Unix socket path (an abstract name starts with <c>@</c>); null for tcp and udp, or when not known.</summary>
    public string? Path { get; init; }

    /// <summary>True when there is enough to ask the socket table.</summary>
    public bool IsComplete => Port is not null || Path is not null;

    public const string TargetForms = "3000, :3000, 127.0.0.1:3000, [::1]:3000, udp/5353 or /path/to.sock";

    /// <summary>
    /// Reads what a user types: <c>3000</c>, <c>:3000</c>, <c>*:3000</c>, <c>127.0.0.1:3000</c>, <c>[::1]:3000</c>, <c>localhost:3000</c>, each with <c>tcp/</c> or
    /// <c>udp/</c> before it, or a path that contains a slash. The transport is tcp where none is given.
    /// </summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Endpoint? endpoint)
    {
        endpoint = null;
        if (string.IsNullOrWhiteSpace(text))
            return false;
        text = text.Trim();
        Transport transport = Events.Transport.Tcp;
        if (text.StartsWith("udp/", StringComparison.OrdinalIgnoreCase) || text.StartsWith("tcp/", StringComparison.OrdinalIgnoreCase))
        {
            transport = text[0] is 'u' or 'U' ? Events.Transport.Udp : Events.Transport.Tcp;
            text = text[4..];
        }
        else if (text.StartsWith("unix:", StringComparison.Ordinal) || text.Contains('/', StringComparison.Ordinal) || text[0] == '@')
        {
            string path = text.StartsWith("unix:", StringComparison.Ordinal) ? text[5..] : text;
            if (path.Length is 0 or > 4096)
                return false;
            endpoint = new Endpoint { Transport = Events.Transport.Unix, Path = path };
            return true;
        }

        int colon = text.LastIndexOf(':');
        string portText = text[(colon + 1)..];
        if (!ushort.TryParse(portText, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) || port == 0)
            return false;
        string? address = null;
        if (colon > 0 && !TryReadAddress(text[..colon], out address))
            return false;
        endpoint = new Endpoint { Transport = transport, Address = address, Port = port };
        return true;
    }

    /// <summary>As people write it: <c>127.0.0.1:3000</c>, <c>[::1]:3000</c>, <c>udp *:5353</c>, <c>port 3000</c>, <c>/run/x.sock</c>; <c>an unnamed port</c> without one.</summary>
    public override string ToString()
    {
        if (Path is not null)
            return Path;
        if (Port is not { } port)
            return Transport == Events.Transport.Unix ? "an unnamed unix socket" : "an unnamed port";
        string where = Address switch
        {
            null => $"port {port}",
            _ when Address.Contains(':', StringComparison.Ordinal) => $"[{Address}]:{port}",
            _ => $"{Address}:{port}",
        };
        return Transport == Events.Transport.Udp ? $"udp {where}" : where;
    }

    /// <summary>In the form that <see cref="TryParse"/> reads: <c>3000</c>, <c>127.0.0.1:3000</c>, <c>[::1]:3000</c>, <c>udp/5353</c>, <c>/run/x.sock</c>. Empty when incomplete.</summary>
    public string ToTarget()
    {
        if (Path is not null)
            return Path;
        if (Port is not { } port)
            return "";
        string where = Address switch
        {
            null => $"{port}",
            _ when Address.Contains(':', StringComparison.Ordinal) => $"[{Address}]:{port}",
            _ => $"{Address}:{port}",
        };
        return Transport == Events.Transport.Udp ? $"udp/{where}" : where;
    }

    /// <summary>Canonical text of a numeric address: v4-mapped becomes v4, IPv6 is compressed and lower case, a zone is kept. A name comes back as it is.</summary>
    public static string Normalise(string address)
    {
        if (address is "*" or "any")
            return "*";
        // Nearly all are one of these and canonical as they stand.
        if (address is "::" or "::1" or "localhost" || IsPlainIPv4(address))
            return address;
        if (!IPAddress.TryParse(address, out IPAddress? ip))
            return address;
        return ip.IsIPv4MappedToIPv6 ? ip.MapToIPv4().ToString() : ip.ToString();
    }

    private static bool IsPlainIPv4(string address)
    {
        var parts = 0;
        for (var at = 0; at < address.Length; at++)
        {
            var start = at;
            var value = 0;
            while (at < address.Length && at - start < 3 && char.IsAsciiDigit(address[at]))
                value = value * 10 + (address[at++] - '0');
            // A leading zero means octal to some and nothing to others.
            if (at == start || value > 255 || address[start] == '0' && at - start > 1 || at < address.Length && address[at] != '.' || ++parts > 4)
                return false;
        }

        return parts == 4 && address[^1] != '.';
    }

    private static bool TryReadAddress(string text, out string? address)
    {
        address = null;
        bool bracketed = text.StartsWith('[') && text.EndsWith(']');
        if (bracketed)
            text = text[1..^1];
        if (!bracketed && text is "*" or "localhost")
            address = text;
        else if (IPAddress.TryParse(text, out IPAddress? ip) && bracketed == (ip.AddressFamily == AddressFamily.InterNetworkV6) && (bracketed || text.Count(c => c == '.') == 3))
            address = Normalise(text);
        return address is not null;
    }
}
