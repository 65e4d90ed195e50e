using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Win32.SafeHandles;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Enrichment;

/// <summary>Port numbers in the configuration file that a command line names (<c>-c nginx.conf</c>, <c>--config=app.toml</c>, <c>redis.conf</c>).</summary>
/// <param name="open">Opens a regular file without ever waiting; null when there is none.</param>
internal sealed partial class ConfigFilePorts(Func<string, SafeFileHandle?> open)
{
    // Larger files are data, not configuration.
    private const int MostBytes = 256 * 1024;
    private const int MostFiles = 4;

    private static readonly string[] Endings = [".conf", ".cnf", ".cfg", ".config", ".ini", ".json", ".jsonc", ".yml", ".yaml", ".toml", ".properties", ".xml", ".env"];

    public IEnumerable<int> Of(ProcessFacts process, IReadOnlyList<string> arguments)
    {
        foreach (string file in arguments.Select(argument => argument[(argument.IndexOf('=', StringComparison.Ordinal) + 1)..]).Where(IsConfiguration).Take(MostFiles))
        {
            if (Read(Path.Combine(process.WorkingDirectory ?? "/", file)) is not { } text)
                continue;
            foreach (Match match in Setting().Matches(text))
            {
                if (ushort.TryParse(match.Groups["port"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) && port > 0)
                    yield return port;
            }
        }
    }

    private static bool IsConfiguration(string argument) => Endings.Any(ending => argument.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    private string? Read(string path)
    {
        try
        {
            using SafeFileHandle? file = open(path);
            if (file is null || RandomAccess.GetLength(file) > MostBytes)
                return null;
            byte[] bytes = new byte[(int)RandomAccess.GetLength(file)];
            return Encoding.UTF8.GetString(bytes, 0, RandomAccess.Read(file, bytes, 0));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Another user's file, or one that went away: then it proposes nothing.
            return null;
        }
    }

    // A word that means listening, and the number behind it on the same line, at most behind an address. Comments do not count.
    [GeneratedRegex("""^[^#;/\n]*?\b(port|listen|bind|addr|address|listen_addresses|http_addr)\b["']?\s*[:=\s]\s*["']?([^\s"',;]*:)?(?<port>[0-9]{2,5})\b""", RegexOptions.Multiline | RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Setting();
}
