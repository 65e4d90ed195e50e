namespace PortiaWatch.Pipeline.Detection;

/// <summary>
/// Finds sentences that say of a port, an address or a socket that it is taken: a predicate ("in use", "already allocated", "is taken", "being used by") and the noun that it
/// is said of. What is said of a container's name or an email address is none of ours.
/// </summary>
internal static class BusyPhrases
{
    private const int NounReach = 14;
    private const int TargetReach = 9;

    public static void Read(Line line, List<Evidence> into)
    {
        var words = line.Words;
        for (var i = 0; i < words.Length; i++)
        {
            var end = PredicateEnd(line, i);
            if (end < 0)
                continue;
            var start = i;
            while (start > 0 && words[start - 1].Sentence == words[i].Sentence && line.Has(start - 1, Sense.Already | Sense.Be | Sense.Being))
                start--;
            if (IsDenied(line, start))
                continue;
            if (Judge(line, start, i, end) is { } evidence)
                into.Add(evidence);
            i = end;
        }
    }

    /// <summary>True when a condition ("if", "when", "make sure that") governs the sentence before <paramref name="index"/> and nothing in it failed.</summary>
    public static bool IsConditional(Line line, int index)
    {
        var sentence = line.Words[index].Sentence;
        for (var i = index - 1; i >= 0 && line.Words[i].Sentence == sentence; i--)
        {
            if (!line.Has(i, Sense.If))
                continue;
            // "Error when binding: …", "failed to start (is it running?)": a failure that stands before the condition is a report.
            for (var j = i - 1; j >= 0; j--)
            {
                if (Attempts.IsFailure(line, j) || line.Has(j, Sense.ErrorWord))
                    return false;
            }

            return true;
        }

        return false;
    }

    private static bool IsDenied(Line line, int start) =>
        line.Has(start - 1, Sense.Not) || line.Says(start - 1, "now") || line.Has(start, Sense.Not) || line.Has(start - 2, Sense.Not) && line.Has(start - 1, Sense.Already | Sense.Be);

    /// <summary>Index of the last word of the predicate that begins at word <paramref name="i"/>; -1 when none does.</summary>
    private static int PredicateEnd(Line line, int i)
    {
        var next = i + 1;
        if (line.Says(i, "in") || line.Says(i, "under"))
            return line.Says(next, "use") || line.Says(next, "usage") ? next : -1;
        if (line.Has(i, Sense.Already))
        {
            while (line.Has(next, Sense.Be | Sense.Being) || line.Says(next, "a") || line.Says(next, "get") || line.Says(next, "getting"))
                next++;
            return (line.Has(next, Sense.Busy | Sense.Hold) || IsDoingOn(line, next)) && !line.Says(next, "has") && !line.Says(next, "have") ? next : -1;
        }

        if (line.Has(i, Sense.Be))
        {
            if (line.Has(next, Sense.Being))
                next++;
            // "Port 8081 is running this app in another window."
            if (line.Says(next, "running") && IsDirectlyAfterTarget(line, i) && IsElsewhereOpen(line, next))
                return next;
            return IsTakenWord(line, next) || line.Has(next, Sense.Busy) && (next > i + 1 || IsBySomebody(line, next)) ? next : -1;
        }

        if (line.Says(i, "being") && line.Has(next, Sense.Busy))
            return next;
        return IsTakenWord(line, i) && IsDirectlyAfterTarget(line, i) || line.Says(i, "used") && IsBySomebody(line, i) ? i : -1;
    }

    private static bool IsElsewhereOpen(Line line, int i)
    {
        for (var j = i + 1; j < line.Words.Length && j <= i + TargetReach; j++)
        {
            if (line.Says(j, "another") && j + 1 < line.Words.Length && line[line.Words[j + 1]] is "window" or "terminal" or "process" or "tab" or "shell")
                return true;
        }

        return false;
    }

    // "already performing on port 4567": whatever a server does there.
    private static bool IsDoingOn(Line line, int i) => i < line.Words.Length && line[line.Words[i]].EndsWith("ing") && (line.Says(i + 1, "on") || line.Says(i + 1, "at")) && !line.HasAny(Sense.Trying | Sense.If);

    private static bool IsTakenWord(Line line, int i) => i < line.Words.Length && line[line.Words[i]] is "taken" or "occupied" or "busy" or "claimed" or "engaged";

    private static bool IsBySomebody(Line line, int i) =>
        line.Has(i + 1, Sense.By) && (line.Has(i + 2, Sense.Another | Sense.Actor) || line.Has(i + 3, Sense.Another | Sense.Actor) || line.Says(i + 2, "pid") || line.Has(i + 4, Sense.Actor));

    private static bool IsDirectlyAfterTarget(Line line, int i)
    {
        foreach (var mention in line.Mentions)
        {
            if (mention.IsTarget && mention.End <= line.Words[i].Start && line.Words[i].Start - mention.End <= 3)
                return true;
        }

        return line.Has(i - 1, Sense.Port);
    }

    private static Evidence? Judge(Line line, int start, int predicate, int end)
    {
        var at = line.Words[start].Start;
        var until = line.Words[end].End;
        var isHold = (line.Has(end, Sense.Hold) || IsDoingOn(line, end)) && !line.Has(end, Sense.Busy) && !line.Says(predicate, "in") && !line.Has(predicate, Sense.Be);
        var noun = NounBefore(line, start, isHold, out var isForeign);
        if (isForeign)
            return null;
        if (IsConditional(line, start) || IsDescription(line, end) || line.HasAny(Sense.Removal) && !line.HasAny(Sense.Fail | Sense.ErrorWord))
            return null;
        if (noun is null || isHold)
        {
            var target = TargetAfter(line, end, isHold || line.Says(predicate, "in"));
            if (target is null && noun is null && !isHold && NumberBefore(line, start) is { } number)
                return new Evidence(EvidenceKind.PortBusy, at, until, number);
            if (target is null && noun is null && !isHold && SaysOfIt(line, start, end))
                return new Evidence(EvidenceKind.PortBusy, at, until);
            if (target is null)
                return isHold && noun is null && line.Contains("listener") && line.Contains("already running") ? new Evidence(EvidenceKind.ActorOnPort, at, until) : null;
            if (target is { Display: true })
                return new Evidence(EvidenceKind.DisplayActive, at, until);
            return new Evidence(isHold ? EvidenceKind.ActorOnPort : EvidenceKind.PortBusy, at, until, target.Mention);
        }

        if (noun.Display)
            return new Evidence(EvidenceKind.DisplayActive, at, until);
        var about = noun.Mention ?? TargetAfter(line, end, false)?.Mention;
        return new Evidence(noun.IsAddress ? EvidenceKind.Strerror : EvidenceKind.PortBusy, noun.IsAddress ? Math.Min(at, noun.Start) : at, until, about);
    }

    /// <summary>The nearest thing before the predicate that can be taken; a foreign noun nearer than it decides against.</summary>
    private static Noun? NounBefore(Line line, int start, bool isHold, out bool isForeign)
    {
        isForeign = false;
        var words = line.Words;
        for (var i = start - 1; i >= 0 && i >= start - NounReach && words[i].Sentence == words[start].Sentence; i--)
        {
            if (MentionCovering(line, words[i]) is { IsTarget: true } mention)
            {
                isForeign = IsOtherPort(line, line.WordAt(mention.Start));
                return isForeign ? null : new Noun(words[i].Start, mention, line.Has(i, Sense.Address), false);
            }

            if (line.Has(i, Sense.Display))
                return new Noun(words[i].Start, null, false, true);
            if (line.Has(i, Sense.Foreign) && !IsSocketFile(line, i) && !line.Has(i, Sense.Actor) && !line.Has(i, Sense.Port))
            {
                isForeign = !isHold || start - i < 3;
                return null;
            }

            if (line.Has(i, Sense.Port))
            {
                // "Ports in use: 80, 443" is a list of what runs, not a complaint.
                isForeign = IsOtherPort(line, i) || line.Says(i, "ports") && i == start - 1 && !line.HasAny(Sense.Fail | Sense.ErrorWord);
                return isForeign ? null : new Noun(words[i].Start, null, false, false);
            }

            if (line.Has(i, Sense.Address) && line[words[i]] is not ("interface" or "binding" or "bindings" or "endpoints" or "endpoint"))
            {
                isForeign = IsOtherAddress(line, i);
                return isForeign ? null : new Noun(words[i].Start, null, true, false);
            }

            if (line.Has(i, Sense.Socket) || line.Says(i, "endpoint"))
                return new Noun(words[i].Start, null, false, false);
        }

        return null;
    }

    private static bool IsSocketFile(Line line, int i) => line.Has(i - 1, Sense.Socket) || line.Has(i - 1, Sense.Unix);

    private static Noun? TargetAfter(Line line, int end, bool isStrong)
    {
        var words = line.Words;
        var until = words[end].End;
        foreach (var mention in line.Mentions)
        {
            if (!mention.IsTarget || mention.Start < until || mention.IsElsewhere)
                continue;
            var index = line.WordAt(mention.Start);
            if (index - end > TargetReach || mention.Weight < 5 || index < words.Length && words[Math.Min(index, words.Length - 1)].Sentence != words[end].Sentence)
                break;
            if (!isStrong && mention.Start - until > 24)
                break;
            return new Noun(mention.Start, mention, false, false);
        }

        for (var i = end + 1; isStrong && i < words.Length && i <= end + TargetReach && words[i].Sentence == words[end].Sentence; i++)
        {
            if (line.Has(i, Sense.Foreign) && !line.Has(i, Sense.Actor))
                return null;
            if (line.Has(i, Sense.Display))
                return new Noun(words[i].Start, null, false, true);
            if (line.Has(i, Sense.Port) || line.Says(i, "address") || line.Says(i, "socket") || line.Says(i, "endpoint"))
                return IsOtherPort(line, i) ? null : new Noun(words[i].Start, null, false, false);
        }

        return null;
    }

    // "port 9 in use for audio" says what it is for; an endpoint may follow the same word.
    private static bool IsDescription(Line line, int end) => line.Says(end, "use") && line.Says(end + 1, "for") && line.Text.AsSpan(line.Words[end].End, line.Words[end + 1].Start - line.Words[end].End) is " "
        && TargetFrom(line, line.Words[end + 1].End) is null;

    private static Mention? TargetFrom(Line line, int from) => line.Mentions.FirstOrDefault(mention => mention.IsTarget && mention.Start >= from);

    // "[ERROR] 6041 already in use"
    private static Mention? NumberBefore(Line line, int start)
    {
        if (start == 0 || !line.HasAny(Sense.Fail | Sense.ErrorWord) || !AddressReader.TryReadPort(line.Text, line.Words[start - 1].Start, out var port, out var end) || port < 80)
            return null;
        return end == line.Words[start - 1].End && line.Words[start].Start - end == 1 ? new Mention(line.Words[start - 1].Start, end) { Port = port, Weight = 5 } : null;
    }

    // "could not bind to port 25672 … It could be in use by another process": what it is has been said.
    private static bool SaysOfIt(Line line, int start, int end) =>
        (IsBySomebody(line, end) && line.HasAny(Sense.Bind | Sense.Listen) || line.HasAny(Sense.Port) && line.Mentions.Any(mention => mention.Port is not null)) && start > 0
        && (line.Says(end, "use") || line.Has(end, Sense.Busy)) && line[line.Words[start - 1]] is "it" or "could" or "which" or "might" or "may" or "that" or "probably";

    private static Mention? MentionCovering(Line line, Word word)
    {
        foreach (var mention in line.Mentions)
        {
            if (mention.Start <= word.Start && word.End <= mention.End)
                return mention;
        }

        return null;
    }

    private static bool IsOtherPort(Line line, int index)
    {
        for (var i = Math.Max(0, index - 3); i < Math.Min(line.Words.Length, index + 3); i++)
        {
            if (line.Has(i, Sense.OtherPort))
                return true;
        }

        return line.Contains("/dev/");
    }

    // "email address", "IP address 10.0.0.5": not an endpoint, unless ports, sockets or binding come into it.
    private static bool IsOtherAddress(Line line, int index)
    {
        var isOther = false;
        for (var i = Math.Max(0, index - 3); i < index; i++)
            isOther |= line.Has(i, Sense.OtherAddress) && line.Words[i].Sentence == line.Words[index].Sentence;
        // "Address 10.0.0.5 is in use": an address alone is another matter than an endpoint.
        var position = line.Words[index].End;
        isOther |= line.Lower.AsSpan(position).StartsWith(" 0x");
        isOther |= line.Mentions.Any(mention => mention is { Address: not null, Port: null, Path: null } && mention.Start >= position && mention.Start - position <= 2) && line.Mentions.All(mention => mention.Port is null);
        if (!isOther)
            return false;
        if (line[line.Words[Math.Max(0, index - 1)]] is "email" or "mail" or "e-mail")
            return true;
        return !line.HasAny(Sense.Port | Sense.Bind | Sense.Listen | Sense.Socket) && !line.Mentions.Any(mention => mention is { Port: not null, Address: not null });
    }

    private sealed record Noun(int Start, Mention? Mention, bool IsAddress, bool Display);
}
