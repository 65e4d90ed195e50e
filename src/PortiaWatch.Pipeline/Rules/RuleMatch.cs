using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Rules;

/// <summary>Compares one rule with one incident. A condition on something unknown does not match: a guess must not decide who is stopped.</summary>
public static class RuleMatch
{
    /// <summary>Why the rule does not match, in plain words; null when it does.</summary>
    public static string? Mismatch(Rule rule, Incident incident, DateTimeOffset now) =>
        PortMismatch(rule, incident.Endpoint) ?? KindMismatch(rule, incident.Collision.Evidence.Kind) ?? (rule.Holder is { } wanted ? HolderMismatch(wanted, incident, now) : null);

    private static string? PortMismatch(Rule rule, Endpoint endpoint)
    {
        if (rule.Ports.Count == 0)
            return null;
        if (endpoint.Port is not { } port)
            return endpoint.Path is null ? "it wants certain ports, and the port is not known" : "it wants certain ports, and this is a unix socket";
        foreach (PortRange range in rule.Ports)
        {
            if (range.Contains(port))
                return null;
        }

        return $"port {port} is not in {string.Join(", ", rule.Ports.Take(6))}{(rule.Ports.Count > 6 ? ", …" : "")}";
    }

    private static string? KindMismatch(Rule rule, SightingKind kind) => rule.Kinds.Count == 0 || rule.Kinds.Contains(kind)
        ? null
        : $"it wants \"{string.Join("\" or \"", rule.Kinds.Select(ConfigKeys.WordOf))}\", and this is \"{ConfigKeys.WordOf(kind)}\"";

    private static string? HolderMismatch(HolderCondition wanted, Incident incident, DateTimeOffset now)
    {
        if (wanted is { Process.Count: 0, SameProject: null, OlderThan: null, Orphan: null, Known: null })
            return null;
        if (incident.Holders.Count == 0)
            return "it wants something of the holder, and no holder is known";
        foreach (Holder holder in incident.Holders)
        {
            if (OneMismatch(wanted, holder, now) is { } reason)
                return reason;
        }

        return wanted.SameProject is { } same ? ProjectMismatch(same, incident) : null;
    }

    private static string? OneMismatch(HolderCondition wanted, Holder holder, DateTimeOffset now)
    {
        string who = HolderWords.Of(holder);
        if (wanted.Known is { } known && known != holder.Known is not null)
            return known ? $"{who} is not a known squatter" : $"{who} is a known squatter";
        if (wanted is { Process.Count: 0, SameProject: null, OlderThan: null, Orphan: null })
            return null;
        if (holder.Process is not { } process)
            return $"nothing is known of {who}";
        if (wanted.Process.Count > 0 && !ProcessGlob.MatchesAny(wanted.Process, process))
            return $"{who} is none of {string.Join(", ", wanted.Process.Take(6).Select(HolderWords.Name))}{(wanted.Process.Count > 6 ? ", …" : "")}";
        if (wanted.OlderThan is { } least)
        {
            if (process.StartedAt is not { } startedAt)
                return $"it is not known how old {who} is";
            if (now - startedAt <= least)
                return $"{who} is only {HolderWords.Age(now - startedAt)} old, not older than {DurationText.Of(least)}";
        }

        if (wanted.Orphan is { } orphan && orphan != process.IsOrphan)
            return orphan ? $"{who} is no orphan: what started it still runs" : $"{who} is an orphan: what started it is gone";
        return null;
    }

    private static string? ProjectMismatch(bool wanted, Incident incident)
    {
        if (wanted)
        {
            if (!incident.IsSameProject)
                return $"{HolderWords.Of(incident.Holders)} does not work in the contender's project, or it is not known who was refused";

            // The incident has one answer for all of its holders; it stands for each of them only where all work in one place.
            string? first = Place(incident.Holders[0].Process);
            return incident.Holders.Count == 1 || (first is not null && incident.Holders.All(h => Place(h.Process) == first))
                ? null
                : "the holders do not all work in one project";
        }

        if (incident.IsSameProject)
            return "contender and holder work in the same project";
        return Place(incident.Contender?.Facts) is not null && incident.Holders.All(h => Place(h.Process) is not null)
            ? null
            : "it is not known whether contender and holder work in the same project";
    }

    private static string? Place(ProcessFacts? process) => process?.Project ?? process?.WorkingDirectory;
}
