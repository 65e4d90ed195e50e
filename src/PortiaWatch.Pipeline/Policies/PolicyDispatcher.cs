using System.Diagnostics.CodeAnalysis;
using PortiaWatch.Pipeline.Events;
using Serilog;

namespace PortiaWatch.Pipeline.Policies;

/// <summary>Hands a verdict to the policy of its action and fences it: whatever goes wrong in there becomes an outcome, never the end of the flow. Thread-safe.</summary>
public sealed class PolicyDispatcher(IReadOnlyList<IPolicy> policies, TimeProvider time, ILogger log)
{
    private readonly Dictionary<RuleAction, IPolicy> _policies = policies.ToDictionary(p => p.Action);

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "The edge of a stage: a defect in one policy must not stop the watcher.")]
    public async Task<Outcome> ApplyAsync(Verdict verdict, CancellationToken cancellation)
    {
        if (!_policies.TryGetValue(verdict.Action, out IPolicy? policy))
            return OutcomeOf.What(verdict, OutcomeKind.Failed, $"Nothing is set up to {verdict.Action.ToString().ToLowerInvariant()}.", time);
        try
        {
            return await policy.ApplyAsync(verdict, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return OutcomeOf.What(verdict, OutcomeKind.Failed, "PortiaWatch was stopped before this was done.", time, IncidentWords.NextStep(verdict.Incident));
        }
        catch (Exception e)
        {
            log.Error(e, "{Action} failed for incident {Incident}", verdict.Action, verdict.Incident.Id);
            return OutcomeOf.What(verdict, OutcomeKind.Failed, $"This failed by a defect in PortiaWatch: {PlainText.Clean(e.Message, 300)}", time);
        }
    }
}
