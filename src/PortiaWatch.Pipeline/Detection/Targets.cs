namespace PortiaWatch.Pipeline.Detection;

/// <summary>Chooses among the endpoints that a block names the contested ones.</summary>
internal static class Targets
{
    private const int MaxLinesBack = 12;

    /// <summary>The endpoints that the lines of evidence name themselves, in order of appearance, one for each line unless it lists several.</summary>
    public static IReadOnlyList<Target> Of(IReadOnlyList<Proof> proofs)
    {
        var targets = new List<Target>();
        foreach (var group in proofs.GroupBy(proof => proof.Line))
        {
            var line = group.Key;
            foreach (var mention in OfLine(line, [.. group.Select(proof => proof.Evidence)]))
            {
                foreach (var member in mention.List == 0 ? [mention] : line.Mentions.Where(other => other.List == mention.List && !other.IsElsewhere))
                    Add(targets, new Target(line, member) { Address = member.Address ?? AddressFor(line, member) });
            }
        }

        return targets;
    }

    /// <summary>
    /// For evidence without an endpoint: other lines of the block (a failed attempt, a property dump, a hint, the source line in a traceback), then what the program
    /// announced just before.
    /// </summary>
    public static IReadOnlyList<Target> Elsewhere(IReadOnlyList<Line> lines, Context before, IReadOnlyList<Proof> proofs)
    {
        var weaker = Of([.. proofs.Where(proof => !proof.Evidence.IsCauseStated)]);
        if (weaker.Count > 0)
            return weaker;
        var first = proofs[0].Line.Order;
        var lone = proofs.SelectMany(proof => proof.Line.Mentions).FirstOrDefault(mention => mention is { Address: not null, Port: null })?.Address;
        foreach (var line in lines.Where(line => line.Order >= first))
        {
            if (FromDump(line) is { } port)
                return [new Target(line, port) { Address = port.Address ?? lone ?? DumpedAddress(lines) }];
        }

        foreach (var line in lines.Where(line => line.Order > first || line.IsIndented).Concat(before.Lines.Reverse().Take(MaxLinesBack).TakeWhile(IsPartOfTrace)))
        {
            if (FromCode(line) is { } mention)
                return [new Target(line, mention)];
        }

        foreach (var line in lines.Where(line => line.HasAny(Sense.Fail) && line.HasAny(Sense.Bind | Sense.Listen)))
        {
            if (BareNumbers.ReadAfterVerb(line, false) is { } number)
                return [new Target(line, number)];
        }

        foreach (var line in before.Lines.Concat(lines.Where(line => line.Order < first)).Reverse().Take(MaxLinesBack))
        {
            if (FromAnnouncement(line) is { } mention)
                return [new Target(line, mention)];
        }

        return [];
    }

    /// <summary>What a program says before it tries: "Opening ipv4 listen socket on port 1883."; null when the line is nothing of the kind.</summary>
    public static Mention? FromAnnouncement(Line line)
    {
        if (line.HasAny(Sense.Fail | Sense.OtherCause) || !line.SaysAny("opening", "open", "listening", "listen", "starting", "start", "binding", "bind", "serving", "launching",
            "running", "started", "creating", "initializing"))
            return null;
        return line.Mentions.FirstOrDefault(mention => mention.IsTarget && mention.Weight >= 5 && !mention.IsElsewhere && (mention.Path is null || mention.Weight == 10));
    }

    private static IEnumerable<Mention> OfLine(Line line, List<Evidence> evidence)
    {
        var said = new List<Mention>();
        foreach (var one in evidence)
        {
            if (one is { About: { IsTarget: true, IsElsewhere: false } about, IsError: false } && !said.Exists(mention => mention.Port == about.Port && mention.Path == about.Path))
                said.Add(about);
        }

        if (said.Count > 0)
            return said;
        var anchor = evidence.MinBy(one => one.Kind)!;
        var best = line.Mentions.Where(mention => mention.IsTarget && !mention.IsElsewhere && mention.Weight >= 3).MaxBy(mention => Score(line, mention, anchor));
        if (best is not null)
            return [best];
        return evidence.Select(one => BareNumbers.Read(line, one)).OfType<Mention>().Take(1);
    }

    // Nearness to the error decides between shapes that are equally sure.
    private static int Score(Line line, Mention mention, Evidence evidence)
    {
        var score = mention.Weight * 10;
        if (mention.Start >= evidence.End)
            score += Near(mention.Start - evidence.End, 4, 30, 24, 15);
        else
            score += Near(evidence.Start - mention.End, 8, 25, 32, 15);
        if (line.SentenceAt(mention.Start) == line.SentenceAt(evidence.Start))
            score += 10;
        if (Addresses.IsOwn(mention.Address))
            score += 5;
        var before = line.WordAt(mention.Start) - 1;
        if (line.Has(before, Sense.Bind | Sense.Listen | Sense.Tcp | Sense.Udp) || line.Has(before - 1, Sense.Bind | Sense.Listen))
            score += 12;
        return score;
    }

    private static int Near(int distance, int close, int closeBonus, int middle, int middleBonus) => distance <= close ? closeBonus : distance <= middle ? middleBonus : 0;

    private static string? AddressFor(Line line, Mention member) =>
        line.Mentions.FirstOrDefault(other => other.Port == member.Port && other.Port is not null && other.Address is not null)?.Address
        ?? (line.Mentions.Count(other => other.Port is not null) == 1 ? line.Mentions.FirstOrDefault(other => other is { Address: not null, Port: null } && line.Lower.Contains("address", StringComparison.Ordinal))?.Address : null);

    /// <summary>A property of a dump, a field of a record: <c>port: 3000</c>, <c>"port": 3000,</c>, <c>err.port: 3000</c>, <c>HINT: … on port 5432?</c>.</summary>
    private static Mention? FromDump(Line line)
    {
        var mention = line.Mentions.FirstOrDefault(one => one is { Port: not null, IsElsewhere: false });
        if (mention is null)
            return null;
        var word = line.WordAt(mention.Start);
        return word <= 2 && (line.HasAny(Sense.Port) || IsAddressKey(line)) && line.Text.AsSpan(mention.Start, mention.End - mention.Start).IndexOfAny(':', '=') >= 0 && line.Words.Length <= 8 && !line.HasAny(Sense.Remote) && !line.Contains("peer") && !line.Contains("client")
            ? mention
            : null;
    }

    // "addr: 0.0.0.0:27017", "attr.listen: :8080"
    private static bool IsAddressKey(Line line)
    {
        for (var i = 0; i < Math.Min(3, line.Words.Length); i++)
        {
            if (line.Has(i, Sense.Address | Sense.Listen | Sense.Bind))
                return true;
        }

        return false;
    }

    private static string? DumpedAddress(IReadOnlyList<Line> lines) =>
        lines.Where(line => line.Words.Length is > 0 and <= 10 && (line[line.Words[0]] is "address" or "host" or "hostname" || line.Says(1, "address") || line.Says(1, "host")))
            .SelectMany(line => line.Mentions).FirstOrDefault(mention => mention.Address is not null)?.Address;

    /// <summary>The statement that tried it, as tracebacks and error displays show it.</summary>
    private static Mention? FromCode(Line line)
    {
        if (line.Contains("http://") && !line.Contains("listen") && !line.Contains("bind") || MovingOn.Says(line) || !(line.IsIndented || line.Contains("(")))
            return null;
        if (!line.Contains("bind") && !line.Contains("listen") && !line.Contains("serve") && !line.Contains("port"))
            return null;
        return line.Mentions.FirstOrDefault(mention => mention is { Port: not null, IsElsewhere: false, Weight: >= 9 } && Addresses.IsOwn(mention.Address));
    }

    private static bool IsPartOfTrace(Line line) => line.IsIndented || line.Contains("traceback") || line.IsBlank || line.Text.EndsWith(':');

    private static void Add(List<Target> targets, Target target)
    {
        var same = targets.FindIndex(other => other.Mention.Port == target.Mention.Port && other.Mention.Path == target.Mention.Path);
        if (same < 0)
            targets.Add(target);
        else if (targets[same].Address is null && target.Address is not null)
            targets[same] = targets[same] with { Address = target.Address };
    }
}
