using System.Globalization;
using System.Net;
using System.Net.Sockets;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Detection;

/// <summary>Reads the written forms of a numeric address and of a port at a position of a text.</summary>
internal static class AddressReader
{
    // An IPv6 address with zone and an embedded IPv4 one has at most this many characters.
    private const int MaxAddressChars = 80;

    /// <summary>Reads 1 to 5 digits that stand alone (no letter, no further digit after them) and are a port.</summary>
    public static bool TryReadPort(ReadOnlySpan<char> text, int start, out int port, out int end)
    {
        port = 0;
        end = start;
        while (end < text.Length && char.IsAsciiDigit(text[end]) && end - start < 6)
            end++;
        if (end - start is 0 or > 5 || end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_'))
            return false;
        // A decimal fraction or a version is no port; a full stop after it is.
        if (end + 1 < text.Length && text[end] == '.' && char.IsAsciiDigit(text[end + 1]))
            return false;
        port = int.Parse(text[start..end], CultureInfo.InvariantCulture);
        return port is > 0 and <= 65535;
    }

    /// <summary>
    /// Reads what begins with a digit, a hexadecimal group or a colon: <c>1.2.3.4</c>, <c>1.2.3.4:5</c>, <c>1.2.3.4.5</c>, <c>1.2.3.4#5</c>, <c>::1</c>, <c>:::5</c>, <c>::.5</c>,
    /// <c>fe80::1%lo0.5</c>, <c>::1:5</c>. Node and others write an IPv6 address and its port without brackets: the last decimal group is then the port.
    /// </summary>
    public static Mention? ReadNumeric(string text, int start)
    {
        var end = start;
        while (end < text.Length && end - start < MaxAddressChars && (char.IsAsciiHexDigit(text[end]) || text[end] is ':' or '.' || IsZone(text, start, end)))
            end++;
        var run = text.AsSpan(start, end - start).TrimEnd(":.");
        end = start + run.Length;
        if (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_') || run.Length < 3)
            return null;
        return ReadIPv4(text, start, run) ?? (run.Count(':') >= 2 ? ReadIPv6(text, start, run) : null);
    }

    private static bool IsZone(string text, int start, int at) =>
        text[at] == '%' ? text.AsSpan(start, at - start).Contains(':') : text.AsSpan(start, at - start).Contains('%') && char.IsAsciiLetterOrDigit(text[at]);

    private static Mention? ReadIPv4(string text, int start, ReadOnlySpan<char> run)
    {
        var length = IPv4Length(run);
        if (length == 0)
            return null;
        var end = start + length;
        var address = Endpoint.Normalise(run[..length].ToString());
        if (end < text.Length && text[end] is ':' or '.' or '#' && TryReadPort(text, end + 1, out var port, out var portEnd))
            return new Mention(start, AfterPublished(text, portEnd)) { Address = address, Port = port };
        // Elasticsearch writes "127.0.0.1:[9200]".
        if (text.AsSpan(end).StartsWith(":[", StringComparison.Ordinal) && TryReadPort(text, end + 2, out port, out portEnd) && portEnd < text.Length && text[portEnd] == ']')
            return new Mention(start, portEnd + 1) { Address = address, Port = port };
        // "0.0.0.0::80": an empty part, as some formatters leave it.
        return new Mention(start, end) { Address = address };
    }

    // Docker's "0.0.0.0:8080:172.17.0.3:80/tcp" and "0.0.0.0:8080->80/tcp": what follows is the container's side.
    private static int AfterPublished(string text, int end)
    {
        var next = end;
        if (text.AsSpan(next).StartsWith("->", StringComparison.Ordinal))
            next += 2;
        else if (next < text.Length && text[next] == ':')
            next++;
        else
            return end;
        while (next < text.Length && (char.IsAsciiDigit(text[next]) || text[next] is '.' or ':'))
            next++;
        return next;
    }

    /// <summary>Where QEMU's <c>-guest:port</c> after the host's port ends.</summary>
    public static int AfterGuest(string text, int end)
    {
        if (end >= text.Length || text[end] != '-')
            return end;
        var next = end + 1;
        while (next < text.Length && (char.IsAsciiDigit(text[next]) || text[next] is '.' or ':'))
            next++;
        return next;
    }

    private static int IPv4Length(ReadOnlySpan<char> run)
    {
        var at = 0;
        for (var part = 0; part < 4; part++)
        {
            var digits = 0;
            var value = 0;
            while (at + digits < run.Length && char.IsAsciiDigit(run[at + digits]) && digits < 4)
                value = value * 10 + (run[at + digits++] - '0');
            if (digits is 0 or 4 || value > 255)
                return 0;
            at += digits;
            if (part == 3)
                return at;
            if (at >= run.Length || run[at] != '.')
                return 0;
            at++;
        }

        return 0;
    }

    private static Mention? ReadIPv6(string text, int start, ReadOnlySpan<char> run)
    {
        // ":::8080" and "*:::8080" are "::" and a port; "::.8080" is Network.framework's way.
        var split = run.LastIndexOfAny(':', '.');
        if (split > 0 && TryReadPort(text, start + split + 1, out var port, out var end) && end == start + run.Length && IsIPv6(run[..split]))
            return new Mention(start, end) { Address = Endpoint.Normalise(run[..split].ToString()), Port = port };
        return IsIPv6(run) ? new Mention(start, start + run.Length) { Address = Endpoint.Normalise(run.ToString()) } : null;
    }

    public static bool IsIPv6(ReadOnlySpan<char> text) =>
        text is "::" or "::1" || text.Contains(':') && IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6;
}
