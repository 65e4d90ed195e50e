using System.Globalization;
using System.Text;

namespace PortiaWatch.Pipeline.Rules;

/// <summary>Makes text from other processes and files fit to be shown: names may hold escape sequences, newlines and characters that turn the line around.</summary>
internal static class PrintableText
{
    /// <summary>Control, format (bidi, zero width) and unassigned characters become <c>�</c>; what is longer than <paramref name="most"/> characters ends in <c>…</c>.</summary>
    public static string Of(string text, int most)
    {
        if (text.Length <= most && text.All(char.IsAsciiLetterOrDigit))
            return text;
        var clean = new StringBuilder(Math.Min(text.Length, most));
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (clean.Length + rune.Utf16SequenceLength > most)
                return clean.Append('…').ToString();
            if (IsPrintable(rune))
                clean.Append(rune);
            else
                clean.Append('\uFFFD');
        }

        return clean.ToString();
    }

    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
