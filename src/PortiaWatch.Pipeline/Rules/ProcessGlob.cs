using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Rules;

/// <summary>Patterns on program names: <c>*</c> for any characters, <c>?</c> for one, everything else as it stands, case-sensitive. Linear in practice, cannot backtrack exponentially.</summary>
public static class ProcessGlob
{
    /// <summary>
    /// True when any pattern fits any of the program's names: the kernel's short name (Linux cuts it after 15 bytes), the executable's file name,
    /// the file name of what the program was called as. The last may be chosen by the program itself.
    /// </summary>
    public static bool MatchesAny(IReadOnlyList<string> patterns, ProcessFacts process)
    {
        foreach (string pattern in patterns)
        {
            if (Matches(pattern, process))
                return true;
        }

        return false;
    }

    public static bool Matches(string pattern, ProcessFacts process) =>
        Matches(pattern, process.Name)
        || (process.Path is { } path && Matches(pattern, FileName(path)))
        || (process.Command is [{ } called, ..] && Matches(pattern, FileName(called)));

    /// <summary>The whole of <paramref name="text"/> must fit.</summary>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        int p = 0;
        int t = 0;
        int starAt = -1;
        int resumeAt = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                starAt = p++;
                resumeAt = t;
            }
            else if (p < pattern.Length && (pattern[p] == '?' || pattern[p] == text[t]))
            {
                p++;
                t++;
            }
            else if (starAt >= 0)
            {
                // Only the last star is ever tried again, so the work is at most pattern times text.
                p = starAt + 1;
                t = ++resumeAt;
            }
            else
            {
                return false;
            }
        }

        return pattern[p..].IndexOfAnyExcept('*') < 0;
    }

    private static ReadOnlySpan<char> FileName(string path) => path.AsSpan(path.LastIndexOf('/') + 1);
}
