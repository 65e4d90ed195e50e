using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Policies;

/// <summary>Does nothing but record: the incident is in the output and in the history anyway.</summary>
public sealed class LogPolicy(TimeProvider time) : IPolicy
{
    public RuleAction Action => RuleAction.Log;

    public Task<Outcome> ApplyAsync(Verdict verdict, CancellationToken cancellation) =>
        Task.FromResult(OutcomeOf.What(verdict, OutcomeKind.Logged, "Recorded.", time, IncidentWords.NextStep(verdict.Incident)));
}
