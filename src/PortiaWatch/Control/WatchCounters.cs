using System.Text.Json;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Striking;

namespace PortiaWatch.Control;

/// <summary>What went through the flow since the watcher's start. Thread-safe.</summary>
internal sealed class WatchCounters
{
    private readonly NamedCounts _outcomes = new();
    private readonly NamedCounts _strikes = new();
    private long _sightings;
    private long _collisions;
    private long _incidents;
    private long _abandoned;

    /// <summary>Collisions that were left undecided at the end.</summary>
    public long Abandoned => Interlocked.Read(ref _abandoned);

    public void CountSighting() => Interlocked.Increment(ref _sightings);

    public void CountCollision() => Interlocked.Increment(ref _collisions);

    public void CountIncident() => Interlocked.Increment(ref _incidents);

    public void CountAbandoned(int collisions) => Interlocked.Add(ref _abandoned, collisions);

    public void Count(Outcome outcome)
    {
        string kind = NameOf(outcome.Kind);
        _outcomes.Add(kind);

        // A question that was answered with "strike" ends like a strike.
        bool isStrike = outcome.Verdict.Action is RuleAction.Kill or RuleAction.Ask
            && outcome.Kind is not (OutcomeKind.Left or OutcomeKind.Failed or OutcomeKind.Notified or OutcomeKind.Logged);
        if (isStrike)
            _strikes.Add(kind);
    }

    /// <summary>A strike by hand.</summary>
    public void Count(StrikeResult result) => _strikes.Add(NameOf(result.Kind));

    public CounterStatus Snapshot(long records) => new()
    {
        Records = records,
        Sightings = Interlocked.Read(ref _sightings),
        Collisions = Interlocked.Read(ref _collisions),
        Incidents = Interlocked.Read(ref _incidents),
        Outcomes = _outcomes.Snapshot(),
        Strikes = _strikes.Snapshot(),
    };

    private static string NameOf(OutcomeKind kind) => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());
}
