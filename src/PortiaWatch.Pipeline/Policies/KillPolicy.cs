using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Striking;

namespace PortiaWatch.Pipeline.Policies;

/// <summary>Frees the endpoint. Everything that makes it safe is in the strike; a dry run walks the same path with an order that says so.</summary>
public sealed class KillPolicy(Func<Verdict, CancellationToken, Task<StrikeResult>> strike, TimeProvider time) : IPolicy
{
    public RuleAction Action => RuleAction.Kill;

    public async Task<Outcome> ApplyAsync(Verdict verdict, CancellationToken cancellation) =>
        OutcomeOf.Strike(verdict, await strike(verdict, cancellation), time);
}
