namespace PortiaWatch.Pipeline.Detection;

/// <summary>Finds sentences that say that somebody else is there: "something is already running on port 3000", "another process is using", "Do you already have another server running on port".</summary>
internal static class ActorPhrases
{
    private const int Reach = 8;

    public static void Read(Line line, List<Evidence> into)
    {
        for (var i = 0; i < line.Words.Length; i++)
        {
            // "There is already a process listening on port 9000."
            if (!line.Has(i, Sense.Another) && !(line.Has(i, Sense.Already) && line.Says(i + 1, "a")) || line.Has(i - 1, Sense.Not))
                continue;
            var hold = HolderAfter(line, i);
            if (hold < 0 || TargetAfter(line, hold) is not { } target || BusyPhrases.IsConditional(line, i) || IsInstruction(line, i))
                continue;
            into.Add(new Evidence(EvidenceKind.ActorOnPort, line.Words[i].Start, line.Words[hold].End, target.Mention));
            return;
        }
    }

    private static int HolderAfter(Line line, int i)
    {
        var sentence = line.Words[i].Sentence;
        var isWho = line[line.Words[i]] is "something" or "someone" or "anything" or "somebody";
        for (var j = i + 1; j < line.Words.Length && j <= i + Reach && line.Words[j].Sentence == sentence; j++)
        {
            if (line.Has(j, Sense.Not))
                return -1;
            if (isWho && line.Has(j, Sense.Hold) && !line.Has(j, Sense.Be))
                return j;
            // "There's already a server on port 5000."
            if (isWho && line.Has(i, Sense.Already) && line[line.Words[j]] is "on" or "at" or "behind")
                return j;
            isWho |= line.Has(j, Sense.Actor) || line.Says(j, "else") || char.IsUpper(line.Text[line.Words[j].Start]);
        }

        return -1;
    }

    private static Target? TargetAfter(Line line, int hold)
    {
        var sentence = line.Words[hold].Sentence;
        foreach (var mention in line.Mentions)
        {
            if (mention.IsTarget && mention.Start > line.Words[hold].Start && line.WordAt(mention.Start) - hold <= Reach + 1 && line.SentenceAt(mention.Start) == sentence)
                return new Target(mention);
        }

        for (var j = hold + 1; j < line.Words.Length && j <= hold + Reach && line.Words[j].Sentence == sentence; j++)
        {
            if (line.Has(j, Sense.Port) && !line.Has(j - 1, Sense.OtherPort) || line[line.Words[j]] is "address" or "socket")
                return new Target(null);
        }

        return null;
    }

    // "Stop the other process using port 3000", "find another program listening on": what to do, not what happened.
    private static bool IsInstruction(Line line, int i)
    {
        for (var j = i - 1; j >= 0 && j >= i - 6 && line.Words[j].Sentence == line.Words[i].Sentence; j--)
        {
            if (line[line.Words[j]] is "stop" or "kill" or "find" or "close" or "terminate" or "shut" or "shutdown" or "identify" or "quit")
                return true;
        }

        return false;
    }

    private sealed record Target(Mention? Mention);
}
