using System.Globalization;
using System.Net;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Detection;

/// <summary>Reads the socket addresses of languages that print tuples: Python's <c>('::', 8080, 0, 0)</c>, Erlang's <c>{0,0,0,0},8080</c>.</summary>
internal static class TupleReader
{
    private const int MaxChars = 90;

    /// <summary>An opening bracket, a quoted host, a comma, a port.</summary>
    public static Mention? ReadQuoted(string text, int start)
    {
        var i = start + 1;
        while (i < text.Length && text[i] is '(' or 'b')
            i++;
        if (i >= text.Length || text[i] is not ('\'' or '"'))
            return ReadPlain(text, start);
        var close = text.AsSpan(i + 1, Math.Min(MaxChars, text.Length - i - 1)).IndexOf(text[i]);
        if (close < 0)
            return null;
        var host = text.Substring(i + 1, close);
        var comma = i + close + 2;
        if (comma >= text.Length || text[comma] != ',')
            return null;
        var digits = comma + 1;
        while (digits < text.Length && text[digits] is ' ' or '\'' or '"')
            digits++;
        if (!AddressReader.TryReadPort(text, digits, out var port, out var end))
            return null;
        var closing = text.AsSpan(end, Math.Min(40, text.Length - end)).IndexOfAny(')', ']');
        return new Mention(start, closing < 0 ? end : end + closing + 1) { Address = host.Length == 0 ? null : Endpoint.Normalise(host), Port = port };
    }

    // "(*, 143)", "(::, 993)", "(0.0.0.0, 80)"
    private static Mention? ReadPlain(string text, int start)
    {
        var comma = text.AsSpan(start, Math.Min(MaxChars, text.Length - start)).IndexOf(',');
        if (comma < 2)
            return null;
        var host = text[(start + 1)..(start + comma)];
        var isAddress = host is "*" or "any" or "localhost" || AddressReader.IsIPv6(host) || host.Count(c => c == '.') == 3 && IPAddress.TryParse(host, out _);
        var digits = start + comma + 1;
        while (digits < text.Length && text[digits] == ' ')
            digits++;
        return isAddress && AddressReader.TryReadPort(text, digits, out var port, out var end) ? new Mention(start, end) { Address = Endpoint.Normalise(host), Port = port } : null;
    }

    /// <summary>Four or eight numbers in braces, with or without a port behind them.</summary>
    public static Mention? ReadBraces(string text, int start)
    {
        var close = text.AsSpan(start, Math.Min(MaxChars, text.Length - start)).IndexOf('}');
        if (close < 0 || ReadParts(text.AsSpan(start + 1, close - 1)) is not { } address)
            return null;
        var end = start + close + 1;
        var digits = end;
        while (digits < text.Length && text[digits] is ',' or ' ' or ':')
            digits++;
        return digits > end && AddressReader.TryReadPort(text, digits, out var port, out var portEnd)
            ? new Mention(start, portEnd) { Address = address, Port = port }
            : new Mention(start, end) { Address = address };
    }

    private static string? ReadParts(ReadOnlySpan<char> inner)
    {
        Span<int> parts = stackalloc int[8];
        var count = 0;
        foreach (var range in inner.Split(','))
        {
            if (count == 8 || !int.TryParse(inner[range].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out parts[count]) || parts[count] > 65535)
                return null;
            count++;
        }

        Span<byte> bytes = stackalloc byte[16];
        if (count == 4 && parts[..4].IndexOfAnyExceptInRange(0, 255) < 0)
        {
            for (var i = 0; i < 4; i++)
                bytes[i] = (byte)parts[i];
            return new IPAddress(bytes[..4]).ToString();
        }

        if (count != 8)
            return null;
        for (var i = 0; i < 8; i++)
        {
            bytes[i * 2] = (byte)(parts[i] >> 8);
            bytes[i * 2 + 1] = (byte)parts[i];
        }

        return Endpoint.Normalise(new IPAddress(bytes).ToString());
    }
}
