using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Detection;

/// <summary>Reads <c>name:N</c> where the name can be a host, and tells it from a key, a file position and an error number.</summary>
internal static class HostReader
{
    private const int MaxChars = 120;

    private static readonly HashSet<string> Extensions = new(
        ("js mjs cjs ts tsx jsx mts cts vue svelte py pyc pyx rb go rs c cc cpp cxx h hh hpp hxx m mm cs fs vb java kt kts scala clj groovy php phtml pl pm t ex exs erl hrl lua swift d nim zig hs ml mli lisp"
            + " el scm r jl dart sh bash zsh ps1 bat cfg conf cnf ini toml yml yaml json json5 xml html htm css scss txt md rst log sql proto tf hcl properties gradle lock so dylib dll exe asm s map in am ac"
            + " cr v sv pas pp adb ads f90 tcl").Split(' '),
        StringComparer.OrdinalIgnoreCase);

    // What stands before a colon and a number without being a host.
    private static readonly HashSet<string> Keys = new(
        ("errno error err code line pid process status exit col column level lineno rc errcode os thread tid id uid gid fd size count total attempt retries time at in job step pri priority node eaddrinuse"
            + " address listen use failed taken running port ports tcp udp tcp4 tcp6 udp4 udp6 pos row version v build rev worker signal took duration elapsed exception warning warn info debug trace fatal bind socket"
            + " syscall result ret hresult reason number num no nr test item entry rawvalue kind message msg display stderr stdout anonymous native internal eval").Split(' '),
        StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> Local = new(["localhost", "any", "ip6-localhost", "wildcard", "all", "loopback", "host.docker.internal"], StringComparer.OrdinalIgnoreCase);

    public static Mention? Read(Line line, int start)
    {
        var text = line.Text;
        var end = start;
        while (end < text.Length && end - start < MaxChars && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '_' or '-' or '.'))
            end++;
        end = start + text.AsSpan(start, end - start).TrimEnd(".-_").Length;
        var name = text[start..end];
        var isLocal = Local.Contains(name);
        if (IsProtocol(name) && text.AsSpan(end).StartsWith("::", StringComparison.Ordinal) && AddressReader.TryReadPort(text, end + 2, out var forwarded, out var forwardedEnd))
            return new Mention(start, AddressReader.AfterGuest(text, forwardedEnd)) { Port = forwarded, Transport = TransportOf(name) };
        if (end >= text.Length || text[end] != ':' || !AddressReader.TryReadPort(text, end + 1, out var port, out var portEnd))
            return name.Equals("localhost", StringComparison.OrdinalIgnoreCase) && !(end < text.Length && text[end] is '/' or ':') ? new Mention(start, end) { Address = "localhost" } : null;
        if (IsProtocol(name))
            return new Mention(start, portEnd) { Port = port, Transport = TransportOf(name) };
        // "name:12:34" is a position in a file or a time; "node:net:1908" likewise.
        var isPosition = portEnd < text.Length && text[portEnd] == ':' && portEnd + 1 < text.Length && char.IsAsciiDigit(text[portEnd + 1]);
        if (isPosition || Keys.Contains(name) || HasFileExtension(name) || Lexicon.Look(name.ToLowerInvariant()) is var sense && (sense & (Sense.Port | Sense.Fail | Sense.ErrorWord)) != 0)
            return null;
        if (start > 0 && text[start - 1] is '/' or '\\' or '$' or '%' or '<')
            return isLocal || name.Contains('.', StringComparison.Ordinal) ? new Mention(start, portEnd) { Address = name, Port = port, Weight = 5 } : null;
        return new Mention(start, portEnd) { Address = Endpoint.Normalise(name), Port = port, Weight = isLocal ? 10 : name.Contains('.', StringComparison.Ordinal) ? 6 : 4 };
    }

    private static bool IsProtocol(string name) =>
        name.Equals("udp", StringComparison.OrdinalIgnoreCase) || name.Equals("tcp", StringComparison.OrdinalIgnoreCase) || name is "udp4" or "udp6" or "tcp4" or "tcp6" or "UDP4" or "TCP4";

    private static Transport TransportOf(string name) => name[0] is 'u' or 'U' ? Transport.Udp : Transport.Tcp;

    public static bool HasFileExtension(string name)
    {
        var dot = name.LastIndexOf('.');
        return dot >= 0 && dot > name.LastIndexOf('/') && Extensions.Contains(name[(dot + 1)..]);
    }
}
