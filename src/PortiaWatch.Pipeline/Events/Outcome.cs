namespace PortiaWatch.Pipeline.Events;

/// <summary>What happened. Holds the whole story: verdict, incident, collision, sighting, record.</summary>
public sealed record Outcome
{
    public required Verdict Verdict { get; init; }

    public required OutcomeKind Kind { get; init; }

    /// <summary>One plain sentence a user understands.</summary>
    public required string Sentence { get; init; }

    /// <summary>What the user can do now; null when there is nothing to do.</summary>
    public string? NextStep { get; init; }

    /// <summary>True when what was wanted did not come about, or could not be tried: worth somebody's attention.</summary>
    public bool IsTrouble => Kind is OutcomeKind.StillHeld or OutcomeKind.TakenAgain or OutcomeKind.Refused or OutcomeKind.NotPermitted
        or OutcomeKind.TimedOut or OutcomeKind.Failed or OutcomeKind.Unfinished;

    public required DateTimeOffset At { get; init; }

    /// <summary>From the first signal to the freed port; null when nothing was signalled.</summary>
    public TimeSpan? Took { get; init; }
}
