using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Rules;

/// <summary>
/// How far the evidence reaches. A rule may ask for anything; what is done is never more than this allows, and the first reason to do less is the one that is given.
/// </summary>
internal static class ActionGate
{
    /// <summary>A record that was older than this when it was read (back-fill, replay) is history: recorded, never acted on.</summary>
    public static readonly TimeSpan OldestRecord = TimeSpan.FromSeconds(10);

    /// <summary>The lesser action and why; null when the rule's own action may be carried out.</summary>
    public static (RuleAction Action, string Reason)? Reduce(Rule rule, Incident incident, Settings settings)
    {
        if (rule.Action == RuleAction.Log)
            return null;
        if (WhyOnlyRecorded(incident) is { } old)
            return (RuleAction.Log, old);
        if (rule.Action == RuleAction.Notify)
            return null;
        if (WhyNothingToDo(incident) is { } idle)
            return (RuleAction.Log, idle);
        string? doubt = WhyNotTrusted(rule, incident)
            ?? WhyNotConfirmed(rule, incident)
            ?? (rule.Action == RuleAction.Exec ? null : WhyNotStruck(incident, settings));
        return doubt is null ? null : (RuleAction.Notify, doubt);
    }

    private static string? WhyOnlyRecorded(Incident incident)
    {
        Sighting evidence = incident.Collision.Evidence;
        TimeSpan age = evidence.Record.ReadAt - evidence.Record.Time;
        if (age > OldestRecord)
            return $"the record was {HolderWords.Age(age)} old when it was read, so it is only recorded";
        return !evidence.CauseStated && incident.State != PortState.Held
            ? "the text has other causes too, and nobody is seen to hold the port"
            : null;
    }

    private static string? WhyNothingToDo(Incident incident)
    {
        if (incident.Collision.Evidence.Kind != SightingKind.Collision)
            return "the refused program went on by itself (another port, or trying again), so nobody is blocked";
        return incident.State switch
        {
            PortState.Free when incident.Endpoint.IsComplete => $"{incident.Endpoint} is free again, so there is nothing to strike",
            PortState.TimeWait => $"only closed connections in TIME_WAIT block {incident.Endpoint}; the kernel lets go of them by itself within a minute or two",
            _ => null,
        };
    }

    private static string? WhyNotTrusted(Rule rule, Incident incident)
    {
        LogRecord record = incident.Collision.Evidence.Record;
        if (record.Trust >= rule.Trust)
            return null;
        string origin = record.Trust == Trust.Text
            ? $"the line came from {HolderWords.Name(record.Source)}, which anybody can write"
            : $"the evidence is of trust \"{ConfigKeys.WordOf(record.Trust)}\"";
        return rule.Trust == Trust.System
            ? $"{origin}, and without \"trust\": \"text\" the rule does not act on that"
            : $"{origin}, and the rule wants \"{ConfigKeys.WordOf(rule.Trust)}\"";
    }

    private static string? WhyNotConfirmed(Rule rule, Incident incident)
    {
        if (!incident.Endpoint.IsComplete)
            return "the port is not known";
        bool isConfirmed = incident.IsConfirmed || (rule.Trust == Trust.Text && incident.IsHolderConfirmed && LacksContender(incident));
        if (!isConfirmed)
            return $"Not confirmed. {(incident.Doubts.Count == 0 ? "The holder is in doubt" : string.Join(' ', incident.Doubts.Select(d => PlainText.Clean(d, 200))))}";

        // The incident says confirmed; these are the facts that must stand behind the word, whoever wrote it.
        if (incident.State != PortState.Held || incident.Holders.Count == 0)
            return $"it cannot be told who holds {incident.Endpoint}";
        return incident.Holders.FirstOrDefault(h => h.Process is null) is { } unnamed
            ? $"The holder, {HolderWords.Of(unnamed)}, cannot be identified"
            : null;
    }

    /// <summary>What <c>"trust": "text"</c> waives: nobody vouches for the contender. A contender that is known to be another user's is not waived.</summary>
    private static bool LacksContender(Incident incident) =>
        incident.Collision.Evidence.Record.Trust == Trust.Text || incident.Contender?.Uid is null;

    private static string? WhyNotStruck(Incident incident, Settings settings)
    {
        if (incident.Endpoint.Port is { } port && settings.Protect.Ports.Any(r => r.Contains(port)))
            return $"port {port} is protected by the configuration";
        foreach (Holder holder in incident.Holders)
        {
            if (holder.Protection is { } protection)
                return $"The holder, {HolderWords.Of(holder)}, must not be signalled: {Lower(PlainText.Clean(protection, 300))}";
            if (holder.Process is { } process && ProcessGlob.MatchesAny(settings.Protect.Process, process))
                return $"The holder, {HolderWords.Of(holder)}, is protected by the configuration";
            bool hasStopVerb = holder.Process?.Supervisor is { StopCommand.Count: > 0 };
            if (hasStopVerb && settings.Strike.Supervised == SupervisedHandling.Stop)
                continue;
            if (holder.Known is { } known)
                return $"The holder, {HolderWords.Of(holder)}, is a known squatter ({PlainText.Clean(known, 60)}) and never signalled{Advice(holder)}";
            if (holder.Process?.Supervisor is { } supervisor)
            {
                return $"The holder, {HolderWords.Of(holder)}, would be started again by {HolderWords.Of(supervisor)}{Advice(holder)}";
            }

            if (holder.Process?.Container is { } container)
                return $"The holder, {HolderWords.Of(holder)}, runs in container {PlainText.Clean(container, 60)}{Advice(holder)}";
        }

        return null;
    }

    private static string Advice(Holder holder) => holder.Advice is { } advice ? $": {PlainText.Clean(advice, 300)}" : "";

    private static string Lower(string sentence) => sentence.Length > 0 ? char.ToLowerInvariant(sentence[0]) + sentence[1..] : sentence;
}
