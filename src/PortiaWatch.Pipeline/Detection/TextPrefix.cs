namespace PortiaWatch.Pipeline.Detection;

/// <summary>
/// Takes off what a log carrier writes before a program's own line, and reads from it who that program is: docker compose and process runners (<c>web-1  | </c>), syslog
/// (<c>Nov 22 01:25:04 host sshd[12]: </c>), container runtimes (<c>2026-01-01T00:00:00.0Z stderr F </c>), kubectl (<c>[pod/web/nginx] </c>).
/// </summary>
internal static class TextPrefix
{
    public const string ContainerTag = "container";

    private const string ExportedMessage = "MESSAGE=";
    private const int MaxTagChars = 64;
    private const int MaxSyslogChars = 140;

    public static (string Tag, string Body) Strip(string text)
    {
        if (ReadContainerRuntime(text) is { } container)
            return (ContainerTag, container);
        if (text.StartsWith("[pod/", StringComparison.Ordinal) && text.IndexOf("] ", StringComparison.Ordinal) is > 0 and < MaxSyslogChars and var close)
            return (text[..(close + 1)], text[(close + 2)..]);
        // journalctl -o export: one field a line.
        if (text.StartsWith(ExportedMessage, StringComparison.Ordinal))
            return ("", text[ExportedMessage.Length..]);
        return ReadRunner(text) ?? ReadSyslog(text) ?? ("", text);
    }

    // "name | text" with the name padded to a column, perhaps coloured, perhaps with a time before it.
    private static (string Tag, string Body)? ReadRunner(string text)
    {
        var bar = text.AsSpan(0, Math.Min(text.Length, MaxTagChars)).IndexOf('|');
        if (bar < 2 || text[bar - 1] != ' ' && text[bar - 1] != 'm' || bar + 1 < text.Length && text[bar + 1] is not (' ' or '\x1b'))
            return null;
        var tag = Events.PlainText.Clean(text[..bar], MaxTagChars);
        if (tag.Length is 0 or > 40 || !tag.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-' or '/' or '@' or ':' or ' ') || tag.Count(c => c == ' ') > 1 || !char.IsAsciiLetterOrDigit(tag[0]))
            return null;
        // "12:00:01 web.1": the time differs from line to line, the name does not.
        var space = tag.LastIndexOf(' ');
        if (space >= 0 && tag[..space].IndexOfAny([':', '-', '.']) < 0)
            return null;
        var body = text[(bar + 1)..];
        return (tag[(space + 1)..], body.StartsWith(' ') ? body[1..] : body);
    }

    private static (string Tag, string Body)? ReadSyslog(string text)
    {
        var head = text.AsSpan(0, Math.Min(text.Length, MaxSyslogChars));
        var end = head.IndexOf("]: ", StringComparison.Ordinal);
        if (end < 2 || !char.IsAsciiDigit(head[0]) && head[0] != '<' && !char.IsAsciiLetterUpper(head[0]))
            return null;
        var open = head[..end].LastIndexOf('[');
        if (open < 2 || end - open is < 2 or > 11 || head[(open + 1)..end].IndexOfAnyExceptInRange('0', '9') >= 0)
            return null;
        var name = head[..open].LastIndexOf(' ') + 1;
        // A time and a host stand before the name; without them this is a program's own line ("dnsmasq[134]: …" is read as it is).
        if (open - name is < 1 or > 48 || name < 10 || head[..name].IndexOfAnyInRange('0', '9') < 0)
            return null;
        return (text[name..(end + 1)], text[(end + 3)..]);
    }

    private static string? ReadContainerRuntime(string text)
    {
        foreach (var marker in (ReadOnlySpan<string>)[" stderr F ", " stdout F ", " stderr P ", " stdout P "])
        {
            var at = text.AsSpan(0, Math.Min(text.Length, 48)).IndexOf(marker);
            if (at >= 19 && char.IsAsciiDigit(text[0]) && text[10] == 'T')
                return text[(at + marker.Length)..];
        }

        return null;
    }
}
