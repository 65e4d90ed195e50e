using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Detection;

/// <summary>Reads a multiaddr: <c>/ip4/127.0.0.1/tcp/5001</c>, <c>/ip6/::/udp/4001/quic-v1</c>, <c>/dns4/localhost/tcp/80</c>.</summary>
internal static class MultiaddrReader
{
    public static Mention? Read(string text, int start)
    {
        if (!text.AsSpan(start).StartsWith("/ip", StringComparison.Ordinal) && !text.AsSpan(start).StartsWith("/dns", StringComparison.Ordinal))
            return null;
        var end = start;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '/' or '.' or ':' or '-' or '%'))
            end++;
        var whole = text[start..end];
        var parts = whole.TrimEnd(':', '.').Split('/');
        if (parts.Length < 5 || parts[3] is not ("tcp" or "udp") || !AddressReader.TryReadPort(parts[4], 0, out var port, out var used) || used != parts[4].Length)
            return null;
        return new Mention(start, end) { Address = Endpoint.Normalise(parts[2]), Port = port, Transport = parts[3] == "udp" ? Transport.Udp : Transport.Tcp };
    }
}
