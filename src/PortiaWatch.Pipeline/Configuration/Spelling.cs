namespace PortiaWatch.Pipeline.Configuration;

/// <summary>Finds the word that somebody meant.</summary>
public static class Spelling
{
    private const int LongestWord = 32;

    /// <summary><c>did you mean "action"?</c> when one word is near; else what is allowed.</summary>
    public static string Suggest(string word, IReadOnlyList<string> allowed) =>
        Nearest(word, allowed) is { } nearest ? $"did you mean \"{nearest}\"?" : $"allowed are {Join(allowed)}";

    public static string Join(IReadOnlyList<string> words) => words.Count == 1
        ? $"\"{words[0]}\""
        : $"{string.Join(", ", words.Take(words.Count - 1).Select(w => $"\"{w}\""))} and \"{words[^1]}\"";

    /// <summary>The allowed word within a third of its letters, or the only one that begins so; null when none is that near.</summary>
    public static string? Nearest(string word, IReadOnlyList<string> allowed)
    {
        if (word.Length is 0 or > LongestWord)
            return null;
        (string Word, int Distance) best = allowed.Select(a => (a, Distance(word.ToUpperInvariant(), a.ToUpperInvariant()))).MinBy(c => c.Item2);
        if (best.Distance <= Math.Max(1, best.Word.Length / 3))
            return best.Word;
        string[] longer = [.. allowed.Where(a => word.Length >= 3 && a.StartsWith(word, StringComparison.OrdinalIgnoreCase))];
        return longer.Length == 1 ? longer[0] : null;
    }

    /// <summary>Edits to get from one to the other, two swapped letters counting as one.</summary>
    private static int Distance(string a, string b)
    {
        int[,] cost = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                cost[i, j] = i == 0 || j == 0
                    ? i + j
                    : Math.Min(Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1, cost[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
            }
        }

        return cost[a.Length, b.Length];
    }
}
