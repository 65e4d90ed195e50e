namespace PortiaWatch.Pipeline.Detection;

/// <summary>Finds the complaint that the file of a unix socket is there already.</summary>
internal static class SocketFiles
{
    public static void Read(Line line, List<Evidence> into)
    {
        if (!line.HasAny(Sense.Exists) || line.HasAny(Sense.Removal))
            return;
        foreach (var mention in line.Mentions)
        {
            if (mention.Path is null || mention.Weight < 10)
                continue;
            for (var i = 0; i < line.Words.Length; i++)
            {
                if (line.Has(i, Sense.Exists) && Math.Abs(i - line.WordAt(mention.End)) <= 6 && !line.Has(i - 1, Sense.Not) && !BusyPhrases.IsConditional(line, i))
                {
                    into.Add(new Evidence(EvidenceKind.SocketExists, mention.Start, line.Words[i].End, mention));
                    return;
                }
            }
        }
    }
}
