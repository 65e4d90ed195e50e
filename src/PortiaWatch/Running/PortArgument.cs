using System.Globalization;

namespace PortiaWatch.Running;

/// <summary>
/// Puts another port into a command line, only where it is certain what is meant: the number stands in exactly one argument, once, and in a place
/// where ports stand.
/// </summary>
internal static class PortArgument
{
    private static readonly string[] Letters = ["-p", "-P", "-l", "-b", "-S"];

    public enum Answer
    {
        /// <summary>The command line does not name the port: only PORT can tell the program.</summary>
        NotNamed,

        /// <summary>It is named, but not in a way that can be changed safely.</summary>
        Unclear,

        Replaced,
    }

    /// <param name="command">Program and arguments; the program is never changed.</param>
    /// <param name="port">What is named now.</param>
    /// <param name="other">What is to be named.</param>
    public static (Answer Answer, IReadOnlyList<string> Command) Replace(IReadOnlyList<string> command, int port, int other)
    {
        string number = port.ToString(CultureInfo.InvariantCulture);
        int[] naming = [.. Enumerable.Range(1, command.Count - 1).Where(i => Places(command[i], number).Any())];
        if (naming.Length == 0)
            return (Answer.NotNamed, command);
        string argument = command[naming[0]];
        int[] places = [.. Places(argument, number)];
        if (naming.Length > 1 || places.Length > 1 || !IsPort(argument, places[0], number.Length, command[naming[0] - 1]))
            return (Answer.Unclear, command);
        string[] changed = [.. command];
        string replacement = other.ToString(CultureInfo.InvariantCulture);
        changed[naming[0]] = string.Concat(argument.AsSpan(0, places[0]), replacement, argument.AsSpan(places[0] + number.Length));
        return (Answer.Replaced, changed);
    }

    // Where the number stands as a whole number.
    private static IEnumerable<int> Places(string argument, string number)
    {
        for (int at = argument.IndexOf(number, StringComparison.Ordinal); at >= 0; at = argument.IndexOf(number, at + 1, StringComparison.Ordinal))
        {
            int end = at + number.Length;
            if ((at == 0 || !char.IsAsciiDigit(argument[at - 1])) && (end == argument.Length || !char.IsAsciiDigit(argument[end])))
                yield return at;
        }
    }

    private static bool IsPort(string argument, int at, int length, string before)
    {
        ReadOnlySpan<char> left = argument.AsSpan(0, at), right = argument.AsSpan(at + length);
        if (right is not ("" or "/"))
            return false;
        if (left is "")
            return !before.StartsWith('-') || Letters.Contains(before) || EndsInPort(before);

        // --port=3000, PORT=3000, 127.0.0.1:3000, http://localhost:3000/, -p3000
        return left[^1] switch
        {
            ':' => !left.ContainsAny(' ', ';') && !IsMapping(left),
            '=' => EndsInPort(left[..^1]),
            _ => left is "-p" or "-P",
        };
    }

    private static bool EndsInPort(ReadOnlySpan<char> name) => name.EndsWith("port", StringComparison.OrdinalIgnoreCase);

    // "8080:3000" publishes a container's port; which of the two was refused is not for us to guess.
    private static bool IsMapping(ReadOnlySpan<char> left) => left.Length > 1 && left[..^1].IndexOfAnyExceptInRange('0', '9') < 0;
}
