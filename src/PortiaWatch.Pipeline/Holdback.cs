using System.Runtime.InteropServices;
using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Policies;

namespace PortiaWatch.Pipeline;

/// <summary>
/// A program that looks for a free port is refused at every server it passes, and the kernel and the runtime hook see that too. So what they alone tell is acted on when the
/// refused process has ended, or has had time to serve elsewhere and did not. Where a rule tells the kinds apart, so is what would only be told. Thread-safe.
/// </summary>
internal sealed class Holdback(IProcessTable processes, IStriker striker, TimeProvider time, Func<Settings> settings)
{
    /// <summary>Most programs that look for a free port find one in this time.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(700);

    /// <summary>After this the kernel's events no longer say "soft", so a rule that asks for the kind need not wait for longer.</summary>
    public static readonly TimeSpan LongestForKinds = TimeSpan.FromSeconds(2);

    private readonly Recent<bool> _movedOn = new(1024);
    private readonly Recent<bool> _begun = new(1024);

    /// <summary>The program of this collision serves on another port. True when the rules are to be asked again: one of them cares, and nothing was begun yet.</summary>
    public bool MovedOn(string collision)
    {
        _movedOn.Set(collision, true);
        return TellsKindsApart && !_begun.TryGet(collision, out _);
    }

    /// <summary>Returns at once, or when it is known what became of the program: null when the verdict may be carried out, else what is to be said instead.</summary>
    public async Task<Outcome?> AwaitAsync(Verdict verdict, CancellationToken cancellation)
    {
        if (!Concerns(verdict))
        {
            Begin(verdict);
            return null;
        }

        try
        {
            if (!HasMovedOn(verdict))
                await EndOrTimeAsync(verdict.Incident.Contender?.Facts?.Identity, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return OutcomeOf.What(verdict, OutcomeKind.Failed, "PortiaWatch was stopped before this was done.", time, IncidentWords.NextStep(verdict.Incident));
        }

        if (!HasMovedOn(verdict))
        {
            Begin(verdict);
            return null;
        }

        return OutcomeOf.What(verdict, OutcomeKind.Logged, $"The refused program moved on to another port by itself, so whoever holds {verdict.Incident.Endpoint} was left alone.", time);
    }

    private bool TellsKindsApart => settings().Rules.Any(rule => rule.Kinds.Count > 0);

    private TimeSpan Limit => TellsKindsApart ? LongestForKinds : Longest;

    private bool Concerns(Verdict verdict) =>
        (verdict.Action is RuleAction.Ask or RuleAction.Exec or RuleAction.Kill || (verdict.Action == RuleAction.Notify && TellsKindsApart))
        && verdict.Incident.Collision.Evidence is { Kind: SightingKind.Collision, Record: { Trust: Trust.Kernel } or { Reported: not null } };

    private void Begin(Verdict verdict)
    {
        if (verdict.Action != RuleAction.Log)
            _begun.Set(verdict.Incident.Collision.Id, true);
    }

    private bool HasMovedOn(Verdict verdict) => _movedOn.TryGet(verdict.Incident.Collision.Id, out _);

    private async Task EndOrTimeAsync(ProcessIdentity? refused, CancellationToken cancellation)
    {
        if (refused is null)
        {
            await Task.Delay(Limit, time, cancellation);
            return;
        }

        // The event does not carry the program image, so the process is looked up again by what never changes.
        if (Living(refused) is not { } alive)
            return;
        using SafeHandle? pinned = striker.Open(alive);
        if (pinned is null)
        {
            // Ended just now, or in the middle of an exec.
            if (Living(refused) is not null)
                await Task.Delay(Limit, time, cancellation);
            return;
        }

        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            await striker.WaitForExitAsync(pinned, Limit, either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // Time is up, and it lives on.
        }
    }

    private ProcessIdentity? Living(ProcessIdentity refused) =>
        processes.Identify(refused.Pid) is { } now && now.Generation == refused.Generation ? now : null;
}
