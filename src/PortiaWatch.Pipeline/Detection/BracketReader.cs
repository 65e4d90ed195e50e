using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Detection;

/// <summary>Reads a bracketed address: <c>[::1]:8080</c>, <c>[v1.::1]:631</c> (CUPS), <c>[127.0.0.1]:22</c> (ssh), <c>[undef]:1194</c> (OpenVPN), <c>[::1%lo]</c>.</summary>
internal static class BracketReader
{
    private const int MaxChars = 64;

    public static Mention? Read(string text, int start)
    {
        var close = text.AsSpan(start, Math.Min(MaxChars, text.Length - start)).IndexOf(']');
        if (close < 2)
            return TupleReader.ReadQuoted(text, start);
        var inner = text.AsSpan(start + 1, close - 1);
        var end = start + close + 1;
        // RFC 3986's IPvFuture as CUPS writes it.
        if (inner.StartsWith("v1.", StringComparison.Ordinal))
            inner = inner[3..];
        var isAddress = AddressReader.IsIPv6(inner) || AddressReader.ReadNumeric(inner.ToString(), 0) is { Address: not null, Port: null } four && four.End == inner.Length;
        if (!isAddress && inner is not ("undef" or "*" or "any" or "localhost" or ""))
            return inner.Contains('"') || inner.Contains('\'') ? TupleReader.ReadQuoted(text, start) : null;
        var address = isAddress ? Endpoint.Normalise(inner.ToString()) : inner is "undef" or "" ? null : inner.ToString();
        if (end < text.Length && text[end] is ':' or '.' or '#' && AddressReader.TryReadPort(text, end + 1, out var port, out var portEnd))
            return new Mention(start, portEnd) { Address = address, Port = port };
        return address is null || inner is "*" or "any" ? null : new Mention(start, end) { Address = address };
    }
}
