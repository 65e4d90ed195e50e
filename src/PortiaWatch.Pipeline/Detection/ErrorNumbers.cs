namespace PortiaWatch.Pipeline.Detection;

/// <summary>Reads error numbers where an error number stands: Linux 98, macOS and BSD 48, Winsock 10048, libuv on Windows -4091. Anywhere else they are just numbers.</summary>
internal static class ErrorNumbers
{
    private const string Separators = " :=([-#\"'){";

    public static void Read(Line line, List<Evidence> into)
    {
        for (var i = 0; i < line.Words.Length; i++)
        {
            var word = line.Words[i];
            var text = line[word];
            var isPosix = text is "98" or "48" or "4091";
            var isWindows = text is "10048" or "0x2740" or "0x80072740" or "80072740" or "2147014848";
            if ((isPosix || isWindows) && StandsAsError(line, i) && (isWindows || line.HasAny(Sense.Bind | Sense.Listen | Sense.Listener)))
                into.Add(new Evidence(EvidenceKind.ErrorNumber, word.Start, word.End));
        }
    }

    /// <summary>True when the line carries the number of some other error.</summary>
    public static bool HasOther(Line line)
    {
        for (var i = 1; i < line.Words.Length; i++)
        {
            var text = line[line.Words[i]];
            if (text[0] is >= '1' and <= '9' && text is not ("98" or "48" or "10048" or "4091") && int.TryParse(text, out _)
                && (line[line.Words[i - 1]] is "errno" or "winerror" or "oserror" || line.Says(i - 1, "error") && line.Says(i - 2, "os")) && IsNear(line, i))
                return true;
        }

        return false;
    }

    private static bool StandsAsError(Line line, int i)
    {
        if (i == 0)
            return false;
        var previous = line.Words[i - 1];
        var isNamed = line[previous] is "errno" or "error" or "err" or "code" or "errcode" or "rc" or "errnum" or "winerror" or "oserror" or "rawvalue" or "status" or "failure" or "failed" or "wsaerror"
            or "reason" or "wsagetlasterror" or "posixerror" or "posixerrorcode" or "lasterror" or "socketexception" or "syserr" or "ret" or "hresult" or "exception" or "returned" or "e" or "os" or "wsaeaddrinuse"
            || previous.Has(Sense.Bind | Sense.Listen | Sense.Fail);
        return isNamed && IsNear(line, i) && !(previous.Has(Sense.Port));
    }

    private static bool IsNear(Line line, int i)
    {
        var gap = line.Lower.AsSpan(line.Words[i - 1].End, line.Words[i].Start - line.Words[i - 1].End);
        foreach (var c in gap)
        {
            if (!Separators.Contains(c))
                return false;
        }

        return gap.Length <= 5;
    }
}
