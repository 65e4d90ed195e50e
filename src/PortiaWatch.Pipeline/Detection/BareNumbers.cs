namespace PortiaWatch.Pipeline.Detection;

/// <summary>Reads a port that is written as a number alone, which it can only be right beside the error or the verb: <c>EADDRINUSE: 3000</c>, <c>bind 8080: address already in use</c>.</summary>
internal static class BareNumbers
{
    // Below it numbers beside an error are counters and error numbers, hardly ever ports.
    private const int Lowest = 80;

    public static Mention? Read(Line line, Evidence evidence)
    {
        var text = line.Text;
        var at = evidence.End;
        while (at < text.Length && at - evidence.End < 4 && text[at] is ' ' or ':' or '\'' or '"' or '(' or ',' or '-' or '[')
            at++;
        if (AddressReader.TryReadPort(text, at, out var port, out var end) && IsPlausible(port) && !IsFollowedByNumber(text, end))
            return new Mention(at, end) { Port = port, Weight = 4 };
        return ReadAfterVerb(line, evidence.IsError);
    }

    /// <summary>A number right behind the verb: <c>failed to bind to 9200</c>.</summary>
    public static Mention? ReadAfterVerb(Line line, bool isError)
    {
        for (var i = 1; i < line.Words.Length; i++)
        {
            var word = line.Words[i];
            if (char.IsAsciiDigit(line.Lower[word.Start]) && (IsVerb(line, i - 1) || isError && line.Says(i - 1, "on") && i == line.Words.Length - 1) && AddressReader.TryReadPort(line.Text, word.Start, out var port, out var end) && IsPlausible(port) && !IsFollowedByNumber(line.Text, end)
                && !line.Says(i + 1, "seconds") && !line.Says(i + 1, "ms") && !line.Says(i + 1, "attempts"))
                return new Mention(word.Start, end) { Port = port, Weight = 4 };
        }

        return null;
    }

    private static bool IsVerb(Line line, int i) => line.Has(i, Sense.Bind | Sense.Listen) || line[line.Words[i]] is "on" or "to" or "at" or "for" && (line.Has(i - 1, Sense.Bind | Sense.Listen | Sense.Start | Sense.Actor));

    private static bool IsPlausible(int port) => port >= Lowest && port is not (98 or 10048);

    private static bool IsFollowedByNumber(string text, int end) => end + 1 < text.Length && text[end] is ':' or '-' or '/' or '.' && char.IsAsciiDigit(text[end + 1]);
}
