namespace PortiaWatch.Pipeline.Detection;

/// <summary>Decides whether a line goes on with the failure that the lines before it tell of.</summary>
internal static class Continuation
{
    private const int MaxGlueChars = 120;

    /// <summary>What no other program would print on its own: an indented line, a hint, a property of a dump.</summary>
    public static bool IsClear(Line line) => line.IsIndented || IsHint(line) || Quotation.IsFrame(line.Lower) || line.Text is "}" or "})" or "};" or "]";

    /// <summary>True when <paramref name="line"/> goes on with <paramref name="block"/>, in a stream of lines of one writer.</summary>
    public static bool Joins(IReadOnlyList<Line> block, Context before, Line line)
    {
        if (IsClear(line) || IsClosing(line))
            return true;
        var evidence = line.Evidence;
        if (evidence.Count == 0)
        {
            // "Emitted 'error' event on Server instance at:", "During handling of the above exception, another exception occurred:" lead to more.
            return line.Text.Length <= MaxGlueChars && line.Text.EndsWith(':') || MovingOn.Says(line) || line.Contains("traceback (") || IsUnstated(block) && line.HasAny(Sense.OtherCause);
        }

        return JoinsEvidence(block, before, line, evidence);
    }

    /// <summary>The line with its numbers and addresses masked: two lines of one shape come from one print statement.</summary>
    public static string Shape(Line line)
    {
        var text = line.Lower.ToCharArray();
        foreach (var mention in line.Mentions)
            text.AsSpan(mention.Start, Math.Min(mention.End, text.Length) - mention.Start).Clear();
        return new string([.. text.Where(c => c != '\0' && !char.IsAsciiDigit(c))]);
    }

    private static bool JoinsEvidence(IReadOnlyList<Line> block, Context before, Line line, IReadOnlyList<Evidence> evidence)
    {
        var own = Targets.Of([.. evidence.Select(one => new Proof(line, one))]);
        var proofs = BlockReader.Proofs(block);
        var known = Targets.Of(proofs);
        if (proofs.Any(proof => Shape(proof.Line) == Shape(line)))
        {
            // The same print statement again: the other address family of the same port, or the next failure.
            return own.Count > 0 && known.Count > 0 && own.All(target => known.Any(other => other.Mention.Port == target.Mention.Port) && !known.Any(other => other.Address == target.Address))
                && !block.Any(other => other.Text == line.Text) && block.Count(other => Shape(other) == Shape(line)) < 2;
        }

        if (own.Count == 0)
            return true;
        // A trace that ended in its error was the last word of its program: who moves on to another port is somebody else.
        if (known.Count == 0 && MovingOn.Says(line) && EndsTrace(before))
            return false;
        if (known.Count == 0)
            return !evidence.Any(one => one.IsError) || IsChained(block) || IsUnstated(block);
        return own.All(target => known.Any(other => other.Mention.Port == target.Mention.Port && other.Mention.Path == target.Mention.Path));
    }

    private static bool EndsTrace(Context before) => before.Lines.Any(line => line.Contains("traceback (")) && before.Lines[^1].IsIndented;

    private static bool IsUnstated(IReadOnlyList<Line> block) => BlockReader.Proofs(block).All(proof => !proof.Evidence.IsCauseStated);

    private static bool IsChained(IReadOnlyList<Line> block) => block[^1].IsIndented || block[^1].IsBlank || block[^1].Text.EndsWith(':');

    public static bool IsHint(Line line)
    {
        var lower = line.Lower;
        return lower.StartsWith("caused by", StringComparison.Ordinal) || Starts(lower, "hint:") || Starts(lower, "detail:") || Starts(lower, "context:") || lower.StartsWith("during handling", StringComparison.Ordinal)
            || lower.StartsWith("the above exception", StringComparison.Ordinal) || lower.StartsWith("--->", StringComparison.Ordinal) || lower.Length > 0 && lower[0] is '│' or '╰' or '└' or '├';
    }

    // PostgreSQL writes its own prefix before "HINT:".
    private static bool Starts(string lower, string label) => lower.AsSpan(0, Math.Min(lower.Length, 90)).Contains(label, StringComparison.Ordinal);

    private static bool IsClosing(Line line) => line.Text.Length <= 3 && line.Text[0] is '}' or ')' or ']' or '^' or '{';
}
