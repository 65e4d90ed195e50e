using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Detection;

/// <summary>
/// Reads a whole block, the lines that one program printed for one failure, into what was contested: one finding per port. A pure function of the lines: how they arrived
/// does not matter.
/// </summary>
internal static class BlockReader
{
    private const int MaxFindings = 64;

    /// <param name="lines">The block.</param>
    /// <param name="before">What the program wrote just before it.</param>
    public static IReadOnlyList<Finding> Read(IReadOnlyList<Line> lines, Context before)
    {
        var proofs = Proofs(lines);
        if (proofs.Count == 0)
            return [];
        if (!proofs.Any(proof => proof.Evidence.IsCauseStated))
            return ReadUnstated(lines, before, lines.Any(SaysAlreadyThere) ? [.. proofs.Select(Stated)] : proofs);
        var stated = proofs.Where(proof => proof.Evidence.IsCauseStated).ToList();
        var targets = Targets.Of(stated);
        if (targets.Count == 0)
            targets = Targets.Elsewhere(lines, before, proofs);
        return Findings(lines, stated, targets);
    }

    public static IReadOnlyList<Proof> Proofs(IReadOnlyList<Line> lines)
    {
        var proofs = new List<Proof>();
        foreach (var line in lines)
            proofs.AddRange(line.Evidence.Select(evidence => new Proof(line, evidence)));
        return proofs;
    }

    // "Unable to bind to 0.0.0.0:8333. Bitcoin Core is probably already running." gives the cause after all.
    private static bool SaysAlreadyThere(Line line) => line.Contains("already running") || line.Contains("already listening") || line.Contains("another instance")
        || line.Contains("another copy") || line.Contains("another") && line.Contains("running");

    private static Proof Stated(Proof proof) => proof with { Evidence = proof.Evidence with { Kind = EvidenceKind.ActorOnPort } };

    // Words that are printed for other causes too: another cause anywhere near decides against them.
    private static List<Finding> ReadUnstated(IReadOnlyList<Line> lines, Context before, IReadOnlyList<Proof> proofs)
    {
        if (lines.Concat(before.Lines.TakeLast(2)).Any(line => line.HasAny(Sense.OtherCause) || line.Contains("cannot assign") || line.Contains("can't assign") || ErrorNumbers.HasOther(line)))
            return [];
        var targets = Targets.Of(proofs);
        return Findings(lines, proofs, targets);
    }

    private static List<Finding> Findings(IReadOnlyList<Line> lines, IReadOnlyList<Proof> proofs, IReadOnlyList<Target> targets)
    {
        var kind = lines.Any(MovingOn.Says) && !lines.Any(MovingOn.GivesUp) ? SightingKind.Resolved : SightingKind.Collision;
        var best = proofs.MinBy(proof => proof.Evidence.Kind) ?? proofs[0];
        if (targets.Count == 0)
            return [new Finding(kind, Unnamed(lines, proofs), best.Evidence, proofs[0].Line.Number)];
        var findings = new List<Finding>();
        foreach (var target in targets)
        {
            if (findings.Count == MaxFindings)
                break;
            var endpoint = Transports.Complete(target.Address is null ? target with { Address = LoneAddress(proofs) } : target, lines, proofs);
            if (!findings.Any(other => other.Endpoint.Port == endpoint.Port && (other.Endpoint.Path == endpoint.Path || endpoint.Path is null)))
                findings.Add(new Finding(kind, endpoint, best.Evidence, proofs[0].Line.Number));
        }

        return JoinPathAndPort(findings);
    }

    // PostgreSQL: the path in one line, "port 5432" in the hint; one socket.
    private static List<Finding> JoinPathAndPort(List<Finding> findings)
    {
        if (findings is not [{ Endpoint: { Path: not null, Port: null } path } first, { Endpoint: { Path: null, Port: { } port } }])
            return findings;
        return [first with { Endpoint = path with { Port = port } }];
    }

    private static Endpoint Unnamed(IReadOnlyList<Line> lines, IReadOnlyList<Proof> proofs)
    {
        return new Endpoint { Transport = Transports.OfText(lines, proofs), Address = LoneAddress(proofs) };
    }

    // PostgreSQL names the address in the error and the port in the hint.
    private static string? LoneAddress(IReadOnlyList<Proof> proofs)
    {
        var lone = proofs.Where(proof => proof.Evidence.IsError).SelectMany(proof => proof.Line.Mentions).Where(mention => mention is { Address: not null, Port: null, Path: null }).ToList();
        return lone.Count > 0 && lone.All(mention => mention.Address == lone[0].Address) ? lone[0].Address : null;
    }
}
