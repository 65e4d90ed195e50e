namespace PortiaWatch.Pipeline.Detection;

/// <summary>Reads whether a program says that it goes elsewhere or tries again, and which of the endpoints that it names is only its new one.</summary>
internal static class MovingOn
{
    private const int Reach = 5;

    /// <summary>Marks the mentions that are the way out ("trying 3001 instead", "picked 5501") or a remote end, not the contested endpoint.</summary>
    public static void Mark(Line line, List<Mention> mentions)
    {
        for (var i = 0; i < mentions.Count; i++)
        {
            if (mentions[i].IsTarget && (IsWayOut(line, mentions, i) || IsRemote(line, mentions, i)))
                mentions[i] = mentions[i] with { IsElsewhere = true };
        }
    }

    /// <summary>True when the line says that the program moved on or will try again; a question, an advice and a refusal say neither.</summary>
    public static bool Says(Line line)
    {
        for (var i = 0; i < line.Words.Length; i++)
        {
            if (SaysAt(line, i) && !IsAdvice(line, i))
                return true;
        }

        return false;
    }

    /// <summary>True when the line says that the program ends instead.</summary>
    public static bool GivesUp(Line line) => line.Contains("giving up") || line.Contains("gave up") || line.Contains("exiting") || line.Contains("retries exceeded") || line.Contains("retries exhausted")
        || line.Contains("max retries") || line.Contains("quitting") || line.Contains("no more ports") || line.Contains("attempts failed") || line.Contains("not retrying") || line.Contains("will not retry");

    private static bool SaysAt(Line line, int i)
    {
        if (IsDenied(line, i, i - 1) || IsDenied(line, i, i - 2))
            return false;
        if (line.Has(i, Sense.Retry))
            return line[line.Words[i]] is "retrying" or "reattempting" || WillBefore(line, i) || line[line.Words[i]] is "retry" or "retries" && (line[Next(line, i)] is "in" or "attempt" or "after" || char.IsAsciiDigit(line[Next(line, i)][0]));
        if (line.Has(i, Sense.Trying) && (line[line.Words[i]] is not ("try" or "checking" or "tries") || WillBefore(line, i)))
            return LeadsElsewhere(line, i, true);
        if (!line.Has(i, Sense.Take) || line.Says(i, "used") || line.Says(i, "use") && !WillBefore(line, i) || line.Says(i - 1, "in"))
            return false;
        return LeadsElsewhere(line, i, false);
    }

    private static bool IsDenied(Line line, int i, int before) => line.Has(before, Sense.Not) && line.Words[before].Sentence == line.Words[i].Sentence;

    private static Word Next(Line line, int i) => i + 1 < line.Words.Length ? line.Words[i + 1] : line.Words[i];

    private static bool WillBefore(Line line, int i) => line.Has(i - 1, Sense.Will) || line.Has(i - 2, Sense.Will) || line.Says(i - 1, "to") && line.Says(i - 2, "going") || line.Says(i - 1, "be") && line.Has(i - 2, Sense.Will);

    private static bool LeadsElsewhere(Line line, int i, bool isTrying)
    {
        if (isTrying && line.Says(i + 1, "to") && line.Has(i + 2, Sense.Bind | Sense.Listen | Sense.Start | Sense.Connect) && !line.Says(i + 2, "find") && !AnyElsewhere(line, i + 3))
            return false;
        return AnyElsewhere(line, i + 1) || (isTrying || IsStrongTake(line, i) && !IsUsedNow(line, i) || IsWeakTake(line, i)) && IsNumberAhead(line, i + 1, IsWeakTake(line, i)) || line.Mentions.Any(mention => mention.IsElsewhere && mention.Start > line.Words[i].Start && line.WordAt(mention.Start) - i <= Reach + 1 && !RemoteBefore(line, line.WordAt(mention.Start)));
    }

    // "picked 5501", "trying 3001...", "switching to 8081".
    private static bool IsNumberAhead(Line line, int from, bool isAfterAnother)
    {
        var at = from;
        while (at < from + 3 && (line.Has(at, Sense.To | Sense.Port) || line.Says(at, "on") || line.Says(at, "back") || line.Says(at, "over")))
            at++;
        return at < line.Words.Length && char.IsAsciiDigit(line.Lower[line.Words[at].Start]) && AddressReader.TryReadPort(line.Text, line.Words[at].Start, out var port, out var end) && port >= 80
            && (!isAfterAnother || IsAfterAnother(line, line.Words[at].Start, port)) && end == line.Words[at].End && !(at + 1 < line.Words.Length && line[line.Words[at + 1]] is "ms" or "s" or "seconds" or "times" or "more");
    }

    private static bool IsAfterAnother(Line line, int position, int port)
    {
        var earlier = line.Mentions.Where(mention => mention.Port is not null && mention.End <= position).ToList();
        return earlier.Count > 0 && earlier.All(mention => mention.Port != port);
    }

    private static bool AnyElsewhere(Line line, int from)
    {
        for (var j = from; j < line.Words.Length && j <= from + Reach && line.Words[j].Sentence == line.Words[from].Sentence; j++)
        {
            if (line.Has(j, Sense.Advice) || line.Says(j, "or"))
                return false;
            // "using another process", "in another window"? Elsewhere must be about a port, or stand for one.
            if (line.Has(j, Sense.Elsewhere) && !(line.Has(j + 1, Sense.Actor) && !line.Says(j + 1, "one")) && !line.Says(j + 1, "window") && !line.Says(j + 1, "terminal"))
                return true;
        }

        return false;
    }

    private static bool IsAdvice(Line line, int i)
    {
        var sentence = line.Words[i].Sentence;
        var first = i;
        while (first > 0 && line.Words[first - 1].Sentence == sentence)
            first--;
        if (line[line.Words[first]] is "try" or "use" or "run" or "set" or "pass" or "pick" or "start" or "restart" or "see" or "launch")
            return true;
        for (var j = 0; j < line.Words.Length; j++)
        {
            if (line.Words[j].Sentence == sentence && line.Has(j, Sense.Advice) && j < i)
                return true;
        }

        var last = i;
        while (last + 1 < line.Words.Length && line.Words[last + 1].Sentence == sentence)
            last++;
        var rest = line.Lower.AsSpan(line.Words[last].End).TrimStart("\"')] ");
        return rest.StartsWith("?");
    }

    private static bool IsWayOut(Line line, List<Mention> mentions, int index)
    {
        var mention = mentions[index];
        var word = line.WordAt(mention.Start);
        var floor = index > 0 ? line.WordAt(mentions[index - 1].End) : 0;
        var sentence = line.SentenceAt(mention.Start);
        if (index > 0 && mentions[index - 1].IsTarget && mentions[index - 1].End < mention.Start && line.Text.AsSpan(mentions[index - 1].End, mention.Start - mentions[index - 1].End).Trim() is "->" or "→" or "=>")
            return true;
        var afterEnd = line.WordAt(mention.End);
        // "Selected port 6087 is unavailable": what was chosen is what is contested.
        if (line.Has(afterEnd, Sense.Be) && line.Words[afterEnd].Sentence == sentence)
            return false;
        for (var i = afterEnd; i < line.Words.Length && i < afterEnd + 4 && line.Words[i].Sentence == sentence; i++)
        {
            if (line.Says(i, "instead"))
                return true;
        }

        for (var i = word - 1; i >= floor && i >= word - Reach && line.Words[i].Sentence == sentence; i--)
        {
            if (line.Has(i, Sense.Bind | Sense.Listen | Sense.Fail) && !IsWeakTake(line, i))
                return false;
            if (line.Has(i, Sense.Trying))
                return !line.Says(i + 1, "to") || line.Says(i + 2, "use");
            if (IsStrongTake(line, i))
                return !IsUsedNow(line, i);
            if (IsWeakTake(line, i) && index > 0 && mentions.Take(index).Any(other => other.Port is not null && other.Port != mention.Port) && !line.Contains("bind:"))
                return true;
            if (line[line.Words[i]] is "next" or "alternative" or "alternate" or "new" or "free" or "different" || line.Says(i, "example") || line.Says(i, "g") && line.Says(i - 1, "e"))
                return true;
        }

        return false;
    }

    private static bool IsStrongTake(Line line, int i) => line.Has(i, Sense.Take) && !IsWeakTake(line, i) && !line.Says(i, "used") && !line.Says(i, "found") && !line.Says(i, "auto");

    private static bool IsWeakTake(Line line, int i) => line[line.Words[i]] is "starting" or "started" or "running" or "listening" or "launching" or "serving" or "binding" or "starts";

    // "another process is using port 3000", "in use: 3000", "cannot use port 3000": the contested one after all.
    private static bool IsUsedNow(Line line, int i)
    {
        if (!(line[line.Words[i]] is "use" or "using" or "uses" or "used"))
            return false;
        if (line.Says(i - 1, "in") || line.Has(i - 1, Sense.Be | Sense.Already | Sense.Actor | Sense.Not) || line.Says(i - 1, "else"))
            return true;
        for (var j = i - 1; j >= 0 && j >= i - 4 && line.Words[j].Sentence == line.Words[i].Sentence; j--)
        {
            if (Attempts.IsFailure(line, j) || line.Has(j, Sense.Another | Sense.Actor) && !line.Has(j, Sense.Elsewhere))
                return true;
        }

        return false;
    }

    private static bool IsRemote(Line line, List<Mention> mentions, int index) =>
        mentions.Count > 1 && RemoteBefore(line, line.WordAt(mentions[index].Start)) && mentions.Any(other => other.IsTarget && other.Port is not null && other.Start != mentions[index].Start);

    private static bool RemoteBefore(Line line, int word) => line.Has(word - 1, Sense.Remote) || line.Has(word - 2, Sense.Remote) && line.Has(word - 1, Sense.Port | Sense.Address);
}
