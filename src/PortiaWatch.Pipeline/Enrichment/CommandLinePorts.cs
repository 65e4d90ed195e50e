using System.Globalization;

namespace PortiaWatch.Pipeline.Enrichment;

/// <summary>Port numbers in a command line, by how plainly they are meant as ports.</summary>
internal static class CommandLinePorts
{
    private static readonly string[] Options = ["-p", "-P", "-l", "-b", "-S"];

    /// <summary><c>--port 3000</c>, <c>--http-port=3000</c>, <c>-p3000</c>, <c>-Dserver.port=3000</c>, <c>PORT=3000</c>.</summary>
    public static IEnumerable<int> Named(IReadOnlyList<string> arguments)
    {
        for (int i = 0; i < arguments.Count; i++)
        {
            string argument = arguments[i];
            int equals = argument.IndexOf('=', StringComparison.Ordinal);
            string name = equals < 0 ? argument : argument[..equals];
            if (name.EndsWith("port", StringComparison.OrdinalIgnoreCase) && (equals > 0 || name.StartsWith('-')))
            {
                string? value = equals > 0 ? argument[(equals + 1)..] : i + 1 < arguments.Count ? arguments[i + 1] : null;
                if (Read(value) is { } port)
                    yield return port;
            }
            else if (Options.Contains(argument) && i + 1 < arguments.Count && Read(arguments[i + 1]) is { } next)
            {
                yield return next;
            }
            else if (argument.StartsWith("-p", StringComparison.Ordinal) && Read(argument[2..]) is { } joined)
            {
                yield return joined;
            }
        }
    }

    /// <summary><c>0.0.0.0:3000</c>, <c>:3000</c>, <c>http://127.0.0.1:3000</c>, <c>--bind=[::]:3000</c>.</summary>
    public static IEnumerable<int> Addressed(IReadOnlyList<string> arguments)
    {
        foreach (string argument in arguments)
        {
            string trimmed = argument.TrimEnd('/');
            int colon = trimmed.LastIndexOf(':');
            if (colon >= 0 && Read(trimmed[(colon + 1)..]) is { } port)
                yield return port;
        }
    }

    /// <summary>An argument that is nothing but a number: <c>python3 -m http.server 8000</c>.</summary>
    public static IEnumerable<int> Bare(IReadOnlyList<string> arguments)
    {
        foreach (string argument in arguments)
        {
            if (Read(argument) is { } port)
                yield return port;
        }
    }

    private static int? Read(string? text)
    {
        if (text is null)
            return null;
        int colon = text.LastIndexOf(':');
        return ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) && port > 0 ? port : null;
    }
}
