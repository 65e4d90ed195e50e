using System.Globalization;
using System.Text;

namespace PortiaWatch.Verbs;

/// <summary>One line of a file with a mark under one character of it.</summary>
internal static class Excerpt
{
    private const int Width = 100;

    /// <param name="text">The line; may hold anything.</param>
    /// <param name="line">Its 1-based number.</param>
    /// <param name="column">1-based, in characters.</param>
    public static string Of(string text, int line, int column)
    {
        Rune[] runes = [.. text.TrimEnd('\r').EnumerateRunes()];
        int at = Math.Clamp(column - 1, 0, runes.Length);
        int from = Math.Max(0, at - (Width * 2 / 3));
        string number = line.ToString(CultureInfo.InvariantCulture);
        var shown = new StringBuilder();
        foreach (Rune rune in runes.Skip(from).Take(Width))
        {
            // One character for one, or the mark would stand somewhere else.
            shown.Append(IsPlain(rune) ? rune.ToString() : " ");
        }

        return $"  {number} | {shown.ToString().TrimEnd()}\n  {new string(' ', number.Length)} | {new string(' ', at - from)}^\n";
    }

    private static bool IsPlain(Rune rune) => Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate);
}
