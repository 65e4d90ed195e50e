namespace PortiaWatch.Pipeline.Detection;

/// <summary>Reads out of one line everything that tells of a refused bind.</summary>
internal static class EvidenceReader
{
    private const string Strerror = "address already in use";

    // Shorter than this and a cut-off strerror could be any sentence that ends in "address".
    private const int MinCutLength = 12;

    public static IReadOnlyList<Evidence> Read(Line line)
    {
        if (line.IsBlank)
            return [];
        var found = new List<Evidence>();
        ErrorNames.Read(line, found);
        BusyPhrases.Read(line, found);
        ActorPhrases.Read(line, found);
        Translations.Read(line, found);
        ReadWinsock(line, found);
        ErrorNumbers.Read(line, found);
        ReadConflict(line, found);
        SocketFiles.Read(line, found);
        if (found.Count == 0)
            ReadCut(line, found);
        if (found.Count > 0 && (Quotation.IsQuoted(line) || IsDefinition(line)))
            return [];
        found.RemoveAll(evidence => OtherDomains.Owns(line, evidence) || IsHypothetical(line, evidence) || Quotation.IsTaught(line, evidence));
        if (found.Count == 0)
        {
            ReadUnavailable(line, found);
            Attempts.Read(line, found);
            found.RemoveAll(evidence => Quotation.IsQuoted(line) || Quotation.IsTaught(line, evidence) || BusyPhrases.IsConditional(line, line.WordAt(evidence.Start)));
        }

        return found;
    }

    private static bool IsHypothetical(Line line, Evidence evidence)
    {
        var index = line.WordAt(evidence.Start);
        if (!evidence.IsError || index >= line.Words.Length)
            return false;
        return BusyPhrases.IsConditional(line, index) || IsConditionalAfter(line, evidence);
    }

    // "You may get EADDRINUSE if the server was not shut down cleanly."
    private static bool IsConditionalAfter(Line line, Evidence evidence)
    {
        if (line.HasAny(Sense.Fail | Sense.ErrorWord) || line.Mentions.Any(mention => mention.IsTarget))
            return false;
        for (var i = line.WordAt(evidence.End); i < line.Words.Length && line.Words[i].Sentence == line.SentenceAt(evidence.Start); i++)
        {
            if (line[line.Words[i]] is "if" or "when" or "whenever")
                return true;
        }

        return false;
    }

    // "EADDRINUSE = 98", "errno 98 is EADDRINUSE": tables and headers say what it means.
    private static bool IsDefinition(Line line)
    {
        var words = line.Words;
        for (var i = 0; i < words.Length; i++)
        {
            if (!line[words[i]].EndsWith("eaddrinuse"))
                continue;
            if (i == 0 && words.Length > 1 && line[words[1]] is "98" or "48" or "10048" or "4091" && words[1].Start - words[0].End <= 3 || i >= 2 && line.Says(i - 1, "is") && char.IsAsciiDigit(line.Lower[words[i - 2].Start]))
                return true;
        }

        return false;
    }

    private static void ReadWinsock(Line line, List<Evidence> into)
    {
        var at = line.Lower.IndexOf("one usage of each socket", StringComparison.Ordinal);
        if (at >= 0)
            into.Add(new Evidence(EvidenceKind.Strerror, at, Math.Min(line.Lower.Length, at + "one usage of each socket address".Length)));
    }

    private static void ReadCut(Line line, List<Evidence> into)
    {
        var lower = line.Lower.AsSpan().TrimEnd('…').TrimEnd(".");
        for (var length = Strerror.Length - 1; length >= MinCutLength; length--)
        {
            if (lower.EndsWith(Strerror.AsSpan(0, length)))
            {
                into.Add(new Evidence(EvidenceKind.Strerror, lower.Length - length, lower.Length));
                return;
            }
        }
    }

    // "Port conflict on 8080", "port 8080 conflicts with", "address conflict for 0.0.0.0:80".
    private static void ReadConflict(Line line, List<Evidence> into)
    {
        for (var i = 0; i < line.Words.Length; i++)
        {
            if (!line.Has(i, Sense.Conflict) || BusyPhrases.IsConditional(line, i) || line.Has(i - 1, Sense.Not))
                continue;
            for (var j = Math.Max(0, i - 4); j < line.Words.Length && j <= i + 4; j++)
            {
                if (line.Has(j, Sense.Port) && !line.Has(j - 1, Sense.OtherPort) && line.Mentions.FirstOrDefault(mention => mention.Port is not null) is { } about)
                {
                    into.Add(new Evidence(EvidenceKind.PortBusy, line.Words[Math.Min(i, j)].Start, line.Words[Math.Max(i, j)].End, about));
                    return;
                }
            }
        }
    }

    private static void ReadUnavailable(Line line, List<Evidence> into)
    {
        for (var i = 0; i < line.Words.Length; i++)
        {
            var isUnavailable = line.Has(i, Sense.Unavailable) || line.Has(i, Sense.Available) && (line.Has(i - 1, Sense.Not) || line.Has(i - 2, Sense.Not) && line.Has(i - 1, Sense.Be | Sense.Already));
            if (!isUnavailable || BusyPhrases.IsConditional(line, i))
                continue;
            foreach (var mention in line.Mentions)
            {
                if (mention.Port is not null && mention.Start < line.Words[i].Start && line.WordAt(line.Words[i].Start) - line.WordAt(mention.End) <= 6 && line.SentenceAt(mention.Start) == line.Words[i].Sentence
                    && line.HasAny(Sense.Port))
                {
                    into.Add(new Evidence(EvidenceKind.Unavailable, line.Words[i].Start, line.Words[i].End, mention));
                    return;
                }
            }
        }
    }
}
