namespace PortiaWatch.Pipeline.Detection;

/// <summary>Finds attempts to bind, listen or open a server socket that are said to have failed, without the reason.</summary>
internal static class Attempts
{
    private const int Reach = 7;

    // A mention that only might be an endpoint ("name:123", a plain path) does not carry a sighting on its own.
    private const int MinWeight = 5;

    public static bool IsFailure(Line line, int i) => line.Has(i, Sense.Fail) || line.Says(i, "could") && line.Says(i + 1, "not") || line.Says(i, "not") && line.Says(i + 1, "able")
        || line.Says(i, "did") && line.Says(i + 1, "not");

    public static void Read(Line line, List<Evidence> into)
    {
        // "could not", "did not" and "not able" have the second of these, everything else that failed the first.
        if (!line.HasAny(Sense.Fail | Sense.Not | Sense.ErrorWord))
            return;
        if (line.HasAny(Sense.OtherCause) || ErrorNumbers.HasOther(line) || line.Contains("not available") || line.Contains("cannot assign") || line.Contains("can't assign") || line.Contains("still could not")
            || line.Contains("no such") || line.Contains("not found") || line.Contains("timed out") || line.Contains("too many") || line.Contains("not supported") || line.Contains("not known"))
            return;
        for (var i = 0; i < line.Words.Length; i++)
        {
            var isError = line.Has(i, Sense.ErrorWord) && IsErrorDoing(line, i);
            if (!IsFailure(line, i) && !isError)
                continue;
            var attempt = AttemptAround(line, i, isError);
            if (attempt < 0)
                continue;
            if (TargetOf(line, i, attempt) is not { } target)
            {
                if (line.Has(attempt, Sense.Listen) && line.Has(i, Sense.Fail) && SpeaksOfListening(line, attempt))
                    into.Add(new Evidence(EvidenceKind.AttemptFailed, line.Words[Math.Min(i, attempt)].Start, line.Words[Math.Max(i, attempt)].End));
                continue;
            }

            into.Add(new Evidence(EvidenceKind.AttemptFailed, line.Words[Math.Min(i, attempt)].Start, line.Words[Math.Max(i, attempt)].End, target));
            return;
        }

        ReadTuple(line, into);
    }

    // "Error opening …", "error while binding …"; a level word ("ERROR: opening …") is no verb's subject.
    private static bool IsErrorDoing(Line line, int i)
    {
        var next = i + 1;
        if (next >= line.Words.Length || line.Lower.AsSpan(line.Words[i].End, line.Words[next].Start - line.Words[i].End).ContainsAny(":]|)"))
            return false;
        return line[line.Words[next]] is "opening" or "binding" or "listening" or "creating" or "starting" or "while" or "when" or "on" or "in" or "during" or "allocating" or "setting";
    }

    private static int AttemptAround(Line line, int i, bool isError)
    {
        var sentence = line.Words[i].Sentence;
        for (var j = i + 1; j < line.Words.Length && j <= i + Reach && line.Words[j].Sentence == sentence; j++)
        {
            if (line.Has(j, Sense.Connect))
                return -1;
            if (IsAttempt(line, j))
                return j;
        }

        for (var j = i - 1; !isError && j >= 0 && j >= i - Reach - 4 && line.Words[j].Sentence == sentence; j--)
        {
            if (line.Has(j, Sense.Connect))
                return -1;
            if (IsAttempt(line, j))
                return j;
        }

        return -1;
    }

    // Binding and listening are about sockets by themselves; starting and opening must name one.
    private static bool IsAttempt(Line line, int j)
    {
        if (line.Has(j, Sense.Bind | Sense.Listen))
            return true;
        if (!line.Has(j, Sense.Start) || line.Has(j, Sense.Port))
            return false;
        for (var k = j - 4; k < line.Words.Length && k <= j + Reach; k++)
        {
            if (k != j && (line.Has(k, Sense.Socket | Sense.Listener | Sense.Port | Sense.Listen) || k >= 0 && line[line.Words[k]] is "endpoint" or "server" or "daemon" or "forwarding"))
                return true;
        }

        return false;
    }

    private static Mention? TargetOf(Line line, int failure, int attempt)
    {
        Mention? best = null;
        foreach (var mention in line.Mentions)
        {
            if (!mention.IsTarget || mention.Weight < MinWeight || mention.IsElsewhere || !Addresses.IsOwn(mention.Address))
                continue;
            if (mention.Path is not null && mention.Weight < 10 && !line.HasAny(Sense.Bind | Sense.Listen))
                continue;
            if (best is null || Math.Abs(mention.Start - line.Words[attempt].Start) < Math.Abs(best.Start - line.Words[attempt].Start))
                best = mention;
        }

        return best is not null && line.SentenceAt(best.Start) - line.Words[Math.Max(failure, attempt)].Sentence <= 1 ? best : null;
    }

    private static bool SpeaksOfListening(Line line, int attempt) =>
        line[line.Words[attempt]] is "listen" or "listening" && (line.Contains("interface") || line.Contains("listening socket") || line.Contains("any address") || line.Contains("any configured"));

    // gunicorn calls its own bind "connect": only the socket address of a server, never a client's target, is a local tuple.
    private static void ReadTuple(Line line, List<Evidence> into)
    {
        var at = line.Lower.IndexOf("can't connect to ('", StringComparison.Ordinal);
        if (at < 0)
            return;
        foreach (var mention in line.Mentions)
        {
            if (mention is { Port: not null, Address: "0.0.0.0" or "::" or "127.0.0.1" or "localhost" or "::1" } && mention.Start > at && line.Text[mention.Start] == '(')
            {
                into.Add(new Evidence(EvidenceKind.AttemptFailed, at, mention.End, mention));
                return;
            }
        }
    }
}
