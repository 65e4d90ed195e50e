using System.Globalization;
using System.Text;

namespace PortiaWatch.Linux.Systemd;

/// <summary>Writes words so that systemd reads them back unchanged (systemd.syntax(7), systemd.service(5)): quotes, backslashes, specifiers.</summary>
internal static class UnitWords
{
    /// <summary>The command of <c>ExecStart=</c>.</summary>
    /// <param name="program">Absolute path and arguments.</param>
    public static string Command(IReadOnlyList<string> program)
    {
        // systemd takes no program with these in its path, however it is written; a shell that becomes the program does.
        if (program[0].Any(c => c is '"' or '\'' or '\\' or < ' ' or '\x7f'))
            program = ["/bin/sh", "-c", "exec \"$0\" \"$@\"", .. program];

        // The colon switches variables off: a dollar stays a dollar, also in the path, where doubling it would not do.
        string prefix = program.Any(word => word.Contains('$', StringComparison.Ordinal)) ? ":" : "";
        return prefix + string.Join(' ', program.Select(Quote));
    }

    /// <summary>One assignment of <c>Environment=</c>.</summary>
    public static string Assignment(string name, string value) => Quote($"{name}={value}");

    /// <summary>One word, in quotes unless it is plain.</summary>
    public static string Quote(string word)
    {
        if (word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-' or '=' or ':' or ',' or '+'))
            return word;
        var text = new StringBuilder("\"");
        foreach (char c in word)
        {
            text.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '%' => "%%",
                '\n' => "\\n",
                < ' ' or '\x7f' => string.Create(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"),
                _ => c.ToString(),
            });
        }

        return text.Append('"').ToString();
    }
}
