namespace PortiaWatch.Pipeline.Detection;

/// <summary>Joins an address and a port that are named apart: <c>"0.0.0.0" port 4567</c>, <c>port 25672 on host localhost</c>, <c>{ip, {127,0,0,1}}, {port, 4001}</c>.</summary>
internal static class Pairing
{
    private const int MaxGap = 48;

    public static void Join(Line line, List<Mention> mentions)
    {
        for (var i = 0; i < mentions.Count; i++)
        {
            if (mentions[i] is not { Port: not null, Address: null, Path: null } port)
                continue;
            var before = i > 0 && IsLone(mentions[i - 1]) && port.Start - mentions[i - 1].End <= MaxGap && IsSameSentence(line, mentions[i - 1], port) ? mentions[i - 1] : null;
            var after = i + 1 < mentions.Count && IsLone(mentions[i + 1]) && mentions[i + 1].Start - port.End <= MaxGap && IsSameSentence(line, port, mentions[i + 1]) ? mentions[i + 1] : null;
            // What stands before is nearer in nearly every grammar; "port N on host H" puts it behind.
            var partner = before is not null && after is not null ? (port.Start - before.End <= after.Start - port.End ? before : after) : before ?? after;
            if (partner is not null)
                mentions[i] = port with { Address = partner.Address };
        }
    }

    private static bool IsLone(Mention mention) => mention is { Address: not null, Port: null };

    private static bool IsSameSentence(Line line, Mention first, Mention second) => line.SentenceAt(first.Start) == line.SentenceAt(second.Start);
}
