using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Detection;

/// <summary>Reads a URL. One without a port names no endpoint, but is taken whole so that nothing in its path is mistaken for one.</summary>
internal static class UrlReader
{
    private const int MaxSchemeChars = 16;

    public static Mention? Read(string text, int start)
    {
        var colon = start;
        while (colon < text.Length && colon - start < MaxSchemeChars && (char.IsAsciiLetterOrDigit(text[colon]) || text[colon] is '+' or '-' or '.'))
            colon++;
        if (!text.AsSpan(colon).StartsWith("://", StringComparison.Ordinal))
            return null;
        var scheme = text.AsSpan(start, colon - start);
        var authority = colon + 3;
        var end = authority;
        while (end < text.Length && !char.IsWhiteSpace(text[end]) && text[end] is not ('"' or '\'' or '`' or '<' or '>' or ',' or ')' or ';' or '|' or '}' or '\\'))
            end++;
        end = start + text.AsSpan(start, end - start).TrimEnd(".:").Length;
        if (scheme.Contains("unix", StringComparison.OrdinalIgnoreCase) || scheme.Equals("ipc", StringComparison.OrdinalIgnoreCase))
            return new Mention(start, end) { Path = text[authority..end], Transport = Transport.Unix };
        return ReadAuthority(text, start, authority, Math.Max(end, authority), TransportOf(scheme));
    }

    private static Transport? TransportOf(ReadOnlySpan<char> scheme) =>
        scheme.StartsWith("udp", StringComparison.OrdinalIgnoreCase) || scheme.Equals("quic", StringComparison.OrdinalIgnoreCase) || scheme.Equals("dtls", StringComparison.OrdinalIgnoreCase)
            ? Transport.Udp
            : Transport.Tcp;

    private static Mention ReadAuthority(string text, int start, int authority, int end, Transport? transport)
    {
        var slash = text.AsSpan(authority, end - authority).IndexOfAny('/', '?', '#');
        var hostEnd = slash < 0 ? end : authority + slash;
        var at = text.AsSpan(authority, hostEnd - authority).LastIndexOf('@');
        var host = authority + at + 1;
        var colon = text.AsSpan(host, hostEnd - host).LastIndexOf(':');
        if (colon < 0 || !AddressReader.TryReadPort(text, host + colon + 1, out var port, out var portEnd) || portEnd != hostEnd)
            return new Mention(start, end);
        var name = text[host..(host + colon)].Trim('[', ']');
        return new Mention(start, end)
        {
            Address = name.Length == 0 ? null : name is "*" or "+" ? "*" : Endpoint.Normalise(name.ToLowerInvariant()),
            Port = port,
            Transport = transport,
            Weight = 9,
        };
    }
}
