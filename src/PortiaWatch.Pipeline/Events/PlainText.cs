using System.Globalization;
using System.Text;

namespace PortiaWatch.Pipeline.Events;

/// <summary>
/// Foreign text made fit for a person's eyes: nothing in it can move a cursor, change a colour, reorder what follows, hide characters or add a line. Log lines, command
/// lines and process names go through here before they reach a terminal or a notification.
/// </summary>
public static class PlainText
{
    private const char Escape = '\x1b';
    private const char Bell = '\a';

    /// <summary>
    /// Removes escape sequences, control characters, bidirectional marks and invisible characters; each run of white space and line ends becomes one space; the ends are
    /// trimmed. Text longer than <paramref name="maxChars"/> ends in an ellipsis; a surrogate pair is never halved.
    /// </summary>
    public static string Clean(string text, int maxChars)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxChars);
        if (text.Length <= maxChars && IsCleanAlready(text))
            return text;

        var clean = new StringBuilder(Math.Min(text.Length, maxChars) + 1);
        var spacePending = false;
        for (var i = 0; i < text.Length && clean.Length <= maxChars;)
        {
            var rest = text.AsSpan(i);
            if (rest[0] == Escape || rest[0] is '\x90' or '\x98' or >= '\x9b' and <= '\x9f')
            {
                i += EscapeLength(rest);
                continue;
            }

            // An unpaired surrogate decodes to U+FFFD, which is what a person should see of it.
            _ = Rune.DecodeFromUtf16(rest, out var rune, out var used);
            i += used;
            if (Rune.IsWhiteSpace(rune) && rune.Value != 0x85)
                spacePending = clean.Length > 0;
            else if (IsVisible(rune))
            {
                if (spacePending)
                    clean.Append(' ');
                spacePending = false;
                clean.Append(rune.ToString());
            }
        }

        return Cut(clean, maxChars);
    }

    /// <summary>True when nothing in it needs <see cref="Strip"/>.</summary>
    public static bool IsPlain(string text)
    {
        foreach (var c in text)
        {
            if (c is (< ' ' and not '\n') or > '~')
                return Strip(text) == text;
        }

        return true;
    }

    /// <summary>As <see cref="Clean"/>, but all white space and line ends stay as they are: for text that is laid out already.</summary>
    public static string Strip(string text)
    {
        var clean = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length;)
        {
            var rest = text.AsSpan(i);
            if (rest[0] == Escape || rest[0] is '\x90' or '\x98' or >= '\x9b' and <= '\x9f')
            {
                i += EscapeLength(rest);
                continue;
            }

            _ = Rune.DecodeFromUtf16(rest, out var rune, out var used);
            i += used;
            if (rune.Value == '\n' || IsVisible(rune))
                clean.Append(rune.ToString());
        }

        return clean.ToString();
    }

    // The common line is printable ASCII and passes as it is.
    private static bool IsCleanAlready(string text)
    {
        var previous = ' ';
        foreach (var c in text)
        {
            if (c is < ' ' or > '~' || c == ' ' && previous == ' ')
                return false;
            previous = c;
        }

        return previous != ' ' || text.Length == 0;
    }

    private static string Cut(StringBuilder clean, int maxChars)
    {
        if (clean.Length <= maxChars)
            return clean.ToString();
        var end = maxChars - 1;
        if (end > 0 && char.IsHighSurrogate(clean[end - 1]))
            end--;
        return clean.ToString(0, end) + "…";
    }

    /// <summary>Length of the escape sequence that <paramref name="text"/> begins with; an unfinished or unknown one loses only its introducer.</summary>
    private static int EscapeLength(ReadOnlySpan<char> text)
    {
        var (kind, start) = text[0] == Escape ? (text.Length > 1 ? text[1] : '\0', 2) : ((char)(text[0] - 0x40), 1);
        return kind switch
        {
            '[' => ControlSequenceLength(text, start),
            // OSC, DCS, SOS, PM, APC: strings up to BEL or ST.
            ']' or 'P' or 'X' or '^' or '_' => StringSequenceLength(text, start),
            '\\' => start,
            // ESC, intermediates, final: character set choice and the like.
            >= ' ' and <= '/' => text.Length > 2 ? 3 : 2,
            >= '0' and <= '~' => 2,
            _ => 1,
        };
    }

    private static int ControlSequenceLength(ReadOnlySpan<char> text, int start)
    {
        var i = start;
        while (i < text.Length && text[i] is >= ' ' and <= '?')
            i++;
        return i < text.Length && text[i] is >= '@' and <= '~' ? i + 1 : i;
    }

    private static int StringSequenceLength(ReadOnlySpan<char> text, int start)
    {
        for (var i = start; i < text.Length; i++)
        {
            switch (text[i])
            {
                case Bell or '\x9c':
                    return i + 1;
                case Escape when i + 1 < text.Length && text[i + 1] == '\\':
                    return i + 2;
                // No such string crosses a line in real output: what follows must not be swallowed by one that nobody ended.
                case '\n' or '\r' or Escape:
                    return i;
            }
        }

        // Nobody ended it: the words in it are kept, the introducer is not.
        return start;
    }

    // Format covers bidi marks, overrides and isolates, zero-width characters, the byte order mark and tags; the rest has no glyph of its own
    // (Hangul fillers, the Braille blank, variation selectors) and is used to hide or to fake text.
    private static bool IsVisible(Rune rune) => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned)
        && rune.Value is not (0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x2800 or 0x3164 or 0xFFA0)
        && rune.Value is not (>= 0x180B and <= 0x180F or >= 0xFE00 and <= 0xFE0F or >= 0xE0100 and <= 0xE01EF);
}
