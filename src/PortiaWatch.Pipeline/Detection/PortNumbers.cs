using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Detection;

/// <summary>Finds ports that are named by a word: <c>port 80</c>, <c>port: "80"</c>, <c>{port,80}</c>, <c>httpPort=80</c>, <c>ports 80, 443 and 8080</c>, <c>80/tcp</c>, <c>端口 80</c>.</summary>
internal static class PortNumbers
{
    private const string Separators = " :=>#\"'`(<[{\\：「（«“";

    // No spaces around these words in their languages, so they are looked for inside words.
    private static readonly string[] Unspaced = ["端口", "埠", "ポート", "포트"];

    public static void Read(Line line, List<Mention> mentions)
    {
        for (var i = 0; i < line.Words.Length; i++)
        {
            var word = line.Words[i];
            if (IsPortWord(line, word))
                ReadAround(line, i, mentions);
            else if (line[word] is "tcp" or "udp" or "tcp4" or "udp4" or "tcp6" or "udp6")
                ReadSlashed(line, word, mentions);
        }
    }

    private static bool IsPortWord(Line line, Word word)
    {
        if (word.Has(Sense.Port))
            return !(word.Start >= 2 && line.Text[word.Start - 1] == '.' && char.IsAsciiLetter(line.Text[word.Start - 2]) && line.Text.AsSpan(word.End).StartsWith("(", StringComparison.Ordinal));
        var text = line[word];
        if (text.Length > 4 && text.EndsWith("port") && line.Text[word.End - 4] == 'P')
            return true;
        if (text[0] < 0x2e80)
            return false;
        foreach (var unspaced in Unspaced)
        {
            if (text.Contains(unspaced, StringComparison.Ordinal))
                return true;
        }

        return false;
    }

    private static void ReadAround(Line line, int index, List<Mention> mentions)
    {
        var word = line.Words[index];
        if (!ReadAfter(line, index, mentions))
            ReadBefore(line, word, mentions);
    }

    private static bool ReadAfter(Line line, int index, List<Mention> mentions)
    {
        var text = line.Text;
        var word = line.Words[index];
        var at = EndOfName(line, word);
        // "port number 80", "port no. 80", "port is 80", "port of 80", "port tcp/80".
        for (var skipped = 0; skipped < 2; skipped++)
        {
            var next = line.WordAt(at);
            if (next < line.Words.Length && OnlySeparators(text, at, line.Words[next].Start) && line[line.Words[next]] is "number" or "no" or "nr" or "num" or "numbers" or "is" or "tcp" or "udp" or "value" or "id"
                or "of" or "n" or "to" or "номер" or "nummer" or "número" or "numéro" or "at")
                at = line.Words[next].End + (text.AsSpan(line.Words[next].End).StartsWith(".", StringComparison.Ordinal) || text.AsSpan(line.Words[next].End).StartsWith("/", StringComparison.Ordinal) ? 1 : 0);
        }

        // "port conflict: 80", "port busy (80)": the complaint stands between the word and the number.
        var complaint = line.WordAt(at);
        if (complaint < line.Words.Length && OnlySeparators(text, at, line.Words[complaint].Start) && IsComplaint(line, complaint) && text.AsSpan(line.Words[complaint].End).TrimStart(' ') is [':' or '(' or '=' or '[', ..])
            at = line.Words[complaint].End;
        var digits = at;
        while (digits < text.Length && digits - at < 6 && (Separators.Contains(text[digits], StringComparison.Ordinal) || text[digits] == '-' && digits == at || text[digits] == ',' && word.Start > 0 && text[word.Start - 1] == '{'))
            digits++;
        if (digits == at && text.Length > digits && char.IsAsciiDigit(text[digits]) && text[word.Start] < 0x2e80)
            return false;
        if (!AddressReader.TryReadPort(text, digits, out var port, out var end))
            return ReadBeforeCjk(text, digits, word, mentions);
        // "ports 8000-8010" is a range, "port 5/1" a place on a switch.
        if (end + 1 < text.Length && text[end] is '-' or '–' or '/' && char.IsAsciiDigit(text[end + 1]) && !line.Has(index, Sense.Port) | text[end] != '/')
            return true;
        if (end + 1 < text.Length && text[end] == '/' && char.IsAsciiDigit(text[end + 1]) && !line.Says(index, "ports"))
            return true;
        var list = Add(line, mentions, new Mention(word.Start, end) { Port = port, Transport = TransportAround(line, index, end) }, 0);
        ReadList(line, end, list, mentions);
        return true;
    }

    private static bool IsComplaint(Line line, int index) => line.Has(index, Sense.Conflict | Sense.Unavailable) || line[line.Words[index]] is "busy" or "taken" or "occupied" or "claimed";

    // Ideographs need no boundary after the digits: "端口8080已被占用".
    private static bool ReadBeforeCjk(string text, int digits, Word word, List<Mention> mentions)
    {
        var end = digits;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
            end++;
        if (end - digits is 0 or > 5 || end >= text.Length || text[end] < 0x2e80 || !int.TryParse(text.AsSpan(digits, end - digits), out var port) || port is 0 or > 65535)
            return false;
        mentions.Add(new Mention(word.Start, end) { Port = port });
        return true;
    }

    private static void ReadList(Line line, int end, int list, List<Mention> mentions)
    {
        var text = line.Text;
        while (true)
        {
            var digits = end;
            while (digits < text.Length && text[digits] is ' ' or ',' or '/' or '&' or '+' or '"' or '\'')
                digits++;
            foreach (var joiner in (ReadOnlySpan<string>)["and ", "or ", "und ", "et ", "y "])
            {
                if (line.Lower.AsSpan(digits).StartsWith(joiner))
                    digits += joiner.Length;
            }

            if (digits == end || !AddressReader.TryReadPort(text, digits, out var port, out var next) || digits - end < 2 && text[end] is not (',' or '/' or '&'))
                return;
            if (text.AsSpan(end, digits - end).Trim().Length == 0)
                return;
            Add(line, mentions, new Mention(digits, next) { Port = port }, list);
            end = next;
        }
    }

    // "8080 port", "8080번 포트", "8080端口".
    private static void ReadBefore(Line line, Word word, List<Mention> mentions)
    {
        var text = line.Text;
        var digitsEnd = word.Start;
        if (digitsEnd > 0 && text[digitsEnd - 1] is ' ' or '-')
            digitsEnd--;
        foreach (var between in (ReadOnlySpan<string>)["tcp", "udp", "http", "https", "번", "号", "番"])
        {
            if (line.Lower.AsSpan(0, digitsEnd).EndsWith(between))
                digitsEnd -= between.Length + (digitsEnd > between.Length && text[digitsEnd - between.Length - 1] == ' ' ? 1 : 0);
        }

        var start = digitsEnd;
        while (start > 0 && char.IsAsciiDigit(text[start - 1]))
            start--;
        if (digitsEnd - start is < 2 or > 5 || start > 0 && (char.IsAsciiLetterOrDigit(text[start - 1]) || text[start - 1] is '.' or ':' or '_' or '-' or '/'))
            return;
        if (int.TryParse(text.AsSpan(start, digitsEnd - start), out var port) && port is > 0 and <= 65535)
            Add(line, mentions, new Mention(start, word.End) { Port = port, Weight = 8 }, 0);
    }

    // "8080/tcp", "tcp/8080", "tcp:8080" is read with the hosts.
    private static void ReadSlashed(Line line, Word word, List<Mention> mentions)
    {
        var text = line.Text;
        var transport = text[word.Start] is 'u' or 'U' ? Transport.Udp : Transport.Tcp;
        if (word.End < text.Length && text[word.End] == '/' && AddressReader.TryReadPort(text, word.End + 1, out var port, out var end))
        {
            Add(line, mentions, new Mention(word.Start, end) { Port = port, Transport = transport }, 0);
            return;
        }

        // "Cannot listen on tcp 19999"
        if (word.End < text.Length && text[word.End] == ' ' && line.WordAt(word.Start) is var index && (line.Says(index - 1, "on") || line.Has(index - 1, Sense.Bind | Sense.Listen))
            && AddressReader.TryReadPort(text, word.End + 1, out port, out end) && (end == text.Length || text[end] != '.'))
        {
            Add(line, mentions, new Mention(word.Start, end) { Port = port, Transport = transport, Weight = 8 }, 0);
            return;
        }

        var digitsEnd = word.Start - 1;
        if (digitsEnd <= 0 || text[digitsEnd] != '/')
            return;
        var start = digitsEnd;
        while (start > 0 && char.IsAsciiDigit(text[start - 1]))
            start--;
        if (digitsEnd - start is > 0 and <= 5 && (start == 0 || !char.IsAsciiLetterOrDigit(text[start - 1]) && text[start - 1] is not ('.' or '>')) && int.TryParse(text.AsSpan(start, digitsEnd - start), out port) && port is > 0 and <= 65535)
            Add(line, mentions, new Mention(start, word.End) { Port = port, Transport = transport, Weight = 8 }, 0);
    }

    private static int Add(Line line, List<Mention> mentions, Mention mention, int list)
    {
        // "127.0.0.1:8080/tcp": the address form holds it already, and knows more; it only learns the transport.
        for (var i = 0; i < mentions.Count; i++)
        {
            if (mentions[i].Start < mention.End && mention.Start < mentions[i].End && mentions[i].IsTarget)
            {
                if (mentions[i].Port == mention.Port && mention.Transport is not null)
                    mentions[i] = mentions[i] with { Transport = mention.Transport };
                return 0;
            }
        }

        list = list == 0 ? mention.Start + 1 : list;
        mentions.Add(mention with { List = list });
        return list;
    }

    private static Transport? TransportAround(Line line, int index, int end)
    {
        if (line.Has(index - 1, Sense.Udp) || line.Lower.AsSpan(end).StartsWith("/udp"))
            return Transport.Udp;
        return line.Has(index - 1, Sense.Tcp) || line.Lower.AsSpan(end).StartsWith("/tcp") ? Transport.Tcp : null;
    }

    // "端口8080", but not "ポートのどれか 1 つ": only what touches the name of the port belongs to it.
    private static int EndOfName(Line line, Word word)
    {
        foreach (var unspaced in Unspaced)
        {
            var at = line[word].IndexOf(unspaced, StringComparison.Ordinal);
            if (at >= 0)
                return word.Start + at + unspaced.Length;
        }

        return word.End;
    }

    private static bool OnlySeparators(string text, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            if (!Separators.Contains(text[i], StringComparison.Ordinal))
                return false;
        }

        return to - from is > 0 and < 4;
    }
}
