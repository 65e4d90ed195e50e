namespace PortiaWatch.Pipeline.Detection;

/// <summary>
/// Finds every endpoint that a line names, in whatever grammar it is written, from left to right. What merely looks like one (times, file positions, error numbers, pids)
/// is left out here; which of several is the contested one is decided later.
/// </summary>
internal static class MentionReader
{
    private const int MaxMentions = 64;

    public static IReadOnlyList<Mention> Read(Line line)
    {
        var mentions = new List<Mention>();
        var text = line.Text;
        for (var i = 0; i < text.Length && mentions.Count < MaxMentions;)
        {
            // Nothing begins in the middle of a word.
            var mention = i > 0 && IsWordCharacter(text[i]) && IsWordCharacter(text[i - 1]) ? null : ReadAt(line, i);
            if (mention is null)
            {
                i++;
                continue;
            }

            if (mention.IsTarget || mention.Address is not null)
                mentions.Add(mention);
            i = Math.Max(mention.End, i + 1);
        }

        PortNumbers.Read(line, mentions);
        mentions.Sort((a, b) => a.Start.CompareTo(b.Start));
        Pairing.Join(line, mentions);
        MovingOn.Mark(line, mentions);
        return mentions;
    }

    private static Mention? ReadAt(Line line, int i)
    {
        var text = line.Text;
        var c = text[i];
        var before = i == 0 ? ' ' : text[i - 1];
        if (c == ':' && text.AsSpan(i).StartsWith("://", StringComparison.Ordinal))
            return null;
        if (char.IsAsciiLetter(c) && !IsWordCharacter(before) && before is not ('.' or '-'))
            return UrlReader.Read(text, i) ?? PathReader.ReadPrefixed(line, i) ?? ReadHexGroup(text, i) ?? HostReader.Read(line, i);
        return c switch
        {
            '.' or '~' when StartsRelative(text, i) && !IsPathCharacter(before) => PathReader.Read(line, i),
            '/' when !IsPathCharacter(before) => MultiaddrReader.Read(text, i) ?? PathReader.Read(line, i),
            '@' when !IsWordCharacter(before) => PathReader.ReadAbstract(text, i),
            '[' => BracketReader.Read(text, i),
            '{' => TupleReader.ReadBraces(text, i),
            '(' => TupleReader.ReadQuoted(text, i),
            '*' when text.AsSpan(i + 1).StartsWith(":", StringComparison.Ordinal) && AddressReader.TryReadPort(text, i + 2, out var any, out var anyEnd) && before != '*' =>
                new Mention(i, anyEnd) { Address = "*", Port = any },
            '*' when text.AsSpan(i + 1).StartsWith(".", StringComparison.Ordinal) && AddressReader.TryReadPort(text, i + 2, out var any, out var anyEnd) =>
                new Mention(i, anyEnd) { Address = "*", Port = any },
            '*' when before is '\'' or '"' && i + 1 < text.Length && text[i + 1] == before => new Mention(i, i + 1) { Address = "*" },
            ':' when !IsWordCharacter(before) && before is not (')' or ']' or '.' or ':' or '}') => ReadColon(text, i),
            >= '0' and <= '9' when !IsWordCharacter(before) && before is not ('.' or ':' or '-') || before == ':' && !IsWordCharacter(i < 2 ? ' ' : text[i - 2]) && c is >= '0' and <= '9' =>
                AddressReader.ReadNumeric(text, i),
            _ => null,
        };
    }

    private static Mention? ReadColon(string text, int i)
    {
        if (text.AsSpan(i).StartsWith("::", StringComparison.Ordinal))
            return AddressReader.ReadNumeric(text, i) ?? (IsBareUnspecified(text, i) ? new Mention(i, i + 2) { Address = "::" } : null);
        // ":8080" alone; "12:8080" and "x:8080" have something before the colon. ":10" of a time or position has more colons after it.
        return AddressReader.TryReadPort(text, i + 1, out var port, out var end) && (end == text.Length || text[end] != ':' || end + 1 == text.Length || text[end + 1] == ' ')
            ? new Mention(i, end) { Port = port, Weight = end - i > 2 ? 10 : 6 }
            : null;
    }

    private static bool IsBareUnspecified(string text, int i) => (i + 2 == text.Length || !char.IsLetterOrDigit(text[i + 2]) && text[i + 2] != ':') && i > 0 && text[i - 1] is '\'' or '"' or ' ' or '(';

    private static Mention? ReadHexGroup(string text, int i)
    {
        var end = i;
        while (end < text.Length && char.IsAsciiHexDigit(text[end]) && end - i < 5)
            end++;
        return end < text.Length && text[end] == ':' && end - i <= 4 ? AddressReader.ReadNumeric(text, i) : null;
    }

    private static bool StartsRelative(string text, int i)
    {
        var rest = text.AsSpan(i);
        return rest.StartsWith("./", StringComparison.Ordinal) || rest.StartsWith("../", StringComparison.Ordinal) || rest.StartsWith("~/", StringComparison.Ordinal);
    }

    // A slash after one of these goes on with a path; "${HOME}/x" ends in a brace.
    private static bool IsPathCharacter(char c) => IsWordCharacter(c) || c is '.' or '-' or '~' or '+' or '%' or '}';

    private static bool IsWordCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';
}
