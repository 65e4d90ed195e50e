using System.Globalization;

namespace PortiaWatch.Darwin.Launchd;

/// <summary>
/// Reads what <c>launchctl print</c> shows. Its manual says that the output is not an API, so everything here takes what it knows and passes over the rest; nothing that
/// is read is ever acted on, it only explains.
/// </summary>
internal static class LaunchctlText
{
    /// <summary>The lines <c>pid  status  label</c> of the block <c>services = {</c>.</summary>
    public static IEnumerable<LaunchdJob> Services(string domain, string output)
    {
        foreach (string line in Block(output, "services"))
        {
            string[] columns = Columns(line);
            if (columns.Length == 3 && int.TryParse(columns[0], NumberStyles.None, CultureInfo.InvariantCulture, out int pid))
                yield return new LaunchdJob(domain, columns[2], pid);
        }
    }

    /// <summary>Mach service names in the endpoint blocks: the last of four columns.</summary>
    public static IEnumerable<string> Endpoints(string output)
    {
        foreach (string block in (string[])["endpoints", "dynamic endpoints", "pid-local endpoints"])
        {
            foreach (string line in Block(output, block))
            {
                string[] columns = Columns(line);
                if (columns.Length == 4 && columns[0].StartsWith("0x", StringComparison.Ordinal))
                    yield return columns[3];
                else if (line.TrimEnd().EndsWith("= {", StringComparison.Ordinal))
                    yield return line.Trim()[..^3].Trim().Trim('"');
            }
        }
    }

    /// <summary>Value of <c>name = value</c> at any depth, the first one; null when there is none.</summary>
    public static string? Value(string output, string name)
    {
        foreach (string line in output.Split('\n'))
        {
            string trimmed = line.Trim();
            if (trimmed.StartsWith(name, StringComparison.Ordinal) && trimmed[name.Length..].TrimStart().StartsWith('='))
                return trimmed[(trimmed.IndexOf('=', StringComparison.Ordinal) + 1)..].Trim();
        }

        return null;
    }

    /// <summary>In the output of <c>print-disabled</c>: <c>"label" => disabled</c>, or <c>=> true</c> before macOS 13.</summary>
    public static bool IsDisabled(string output, string label)
    {
        foreach (string line in output.Split('\n'))
        {
            string[] sides = line.Split("=>");
            if (sides.Length == 2 && sides[0].Trim().Trim('"') == label)
                return sides[1].Trim() is "disabled" or "true";
        }

        return false;
    }

    /// <summary>The lines directly and deeper inside the block <c>name = {</c>.</summary>
    private static IEnumerable<string> Block(string output, string name)
    {
        int depth = 0;
        foreach (string line in output.Split('\n'))
        {
            string trimmed = line.Trim();
            if (depth == 0)
            {
                if (trimmed == name + " = {")
                    depth = 1;
                continue;
            }

            if (trimmed.StartsWith('}') && --depth == 0)
                continue;
            yield return line;
            if (trimmed.EndsWith('{'))
                depth++;
        }
    }

    private static string[] Columns(string line) => line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
}
