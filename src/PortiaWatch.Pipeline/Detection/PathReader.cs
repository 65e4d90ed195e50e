using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Detection;

/// <summary>Reads the path of a unix socket. A path that does not look like one counts only where the line speaks of sockets.</summary>
internal static class PathReader
{
    // sun_path holds 108 bytes; abstract and relative names are shorter still.
    private const int MaxChars = 200;

    public static Mention? Read(Line line, int start)
    {
        var text = line.Text;
        var end = EndOf(text, start);
        var path = text[start..end];
        if (path.Length < 3 || path.StartsWith("//", StringComparison.Ordinal))
            return new Mention(start, start + 1);
        // A file position ("/x/socket.rb:201:in"), or Java's "/0.0.0.0:8080", which the number's own grammar reads.
        if (char.IsAsciiDigit(path[1]) || path[1] == ':')
            return null;
        if (end + 1 < text.Length && text[end] == ':' && char.IsAsciiDigit(text[end + 1]) || HostReader.HasFileExtension(path))
            return new Mention(start, end);
        if (LooksLikeSocket(path))
            return new Mention(start, end) { Path = path, Transport = Transport.Unix };
        var speaksOfSockets = line.Contains("unix") || line.Contains("socket") || line.Contains("bind") || line.Contains("listen") || line.Contains("addrinuse");
        return speaksOfSockets ? new Mention(start, end) { Path = path, Transport = Transport.Unix, Weight = line.Contains("unix") || line.Contains("path") ? 6 : 3 } : new Mention(start, end);
    }

    /// <summary><c>unix:/run/x.sock</c>, <c>unix:@name</c>.</summary>
    public static Mention? ReadPrefixed(Line line, int start)
    {
        var text = line.Text;
        if (!line.Lower.AsSpan(start).StartsWith("unix:", StringComparison.Ordinal) || start + 5 >= text.Length || text[start + 5] is not ('/' or '@' or '.' or '~'))
            return null;
        var end = EndOf(text, start + 5);
        return new Mention(start, end) { Path = text[(start + 5)..end], Transport = Transport.Unix };
    }

    public static Mention? ReadAbstract(string text, int start)
    {
        var end = EndOf(text, start);
        var path = text[start..end];
        return path.Length > 3 && (path[1] == '/' || LooksLikeSocket(path)) ? new Mention(start, end) { Path = path, Transport = Transport.Unix } : null;
    }

    private static int EndOf(string text, int start)
    {
        var end = start;
        var limit = Math.Min(text.Length, start + MaxChars);
        while (end < limit && !char.IsWhiteSpace(text[end]) && text[end] is not ('"' or '\'' or '`' or ',' or ')' or ']' or '}' or '>' or ';' or '|' or '(' or '<')
            && !(text[end] == ':' && (end + 1 == text.Length || text[end + 1] is ' ' or '/' or ':' || char.IsAsciiDigit(text[end + 1]))))
            end++;
        return start + text.AsSpan(start, end - start).TrimEnd(".:").Length;
    }

    private static bool LooksLikeSocket(string path)
    {
        var name = path.AsSpan(path.LastIndexOf('/') + 1);
        return name.EndsWith(".sock", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".socket", StringComparison.OrdinalIgnoreCase) || name.Contains(".sock.", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith(".ipc", StringComparison.OrdinalIgnoreCase) || name.StartsWith(".s.", StringComparison.Ordinal) || name.EndsWith("socket", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith("sock", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".pipe", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".uds", StringComparison.OrdinalIgnoreCase)
            || path.Contains("/.X11-unix/", StringComparison.Ordinal) || name.EndsWith(".ctl", StringComparison.Ordinal) || name.EndsWith(".s", StringComparison.Ordinal);
    }
}
