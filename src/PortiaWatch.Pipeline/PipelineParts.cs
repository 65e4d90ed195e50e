using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Debouncing;
using PortiaWatch.Pipeline.Detection;
using PortiaWatch.Pipeline.Enrichment;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.History;
using PortiaWatch.Pipeline.Policies;
using PortiaWatch.Pipeline.Sources;

namespace PortiaWatch.Pipeline;

/// <summary>What <see cref="CollisionPipeline"/> is put together from.</summary>
public sealed record PipelineParts
{
    public required IReadOnlyList<ILogSource> Sources { get; init; }

    public required SourceSupervisor Supervisor { get; init; }

    public required Detector Detector { get; init; }

    public required Debouncer Debouncer { get; init; }

    public required Enricher Enricher { get; init; }

    /// <summary>The settings in force; asked anew for every incident, so that a reload takes effect at once.</summary>
    public required Func<Settings> Settings { get; init; }

    public required PolicyDispatcher Policies { get; init; }

    /// <summary>Tells whether a refused process still lives.</summary>
    public required IProcessTable Processes { get; init; }

    /// <summary>Only its exit wait is used here: strikes are the policies'.</summary>
    public required IStriker Striker { get; init; }

    /// <summary>Looked at for a few seconds after a port was freed, whether it is taken again; null: nobody looks.</summary>
    public ISocketTable? Sockets { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Remembers each incident, before it is acted on and after; the caller disposes of it. Null: nothing is remembered.</summary>
    public IncidentHistory? History { get; init; }

    /// <summary>Hears of every sighting; must not block.</summary>
    public Action<Sighting> OnSighting { get; init; } = _ => { };

    /// <summary>Hears of every collision when it opens; must not block.</summary>
    public Action<Collision> OnCollision { get; init; } = _ => { };

    /// <summary>Hears of every verdict before it is carried out.</summary>
    public Action<Verdict> OnVerdict { get; init; } = _ => { };

    /// <summary>Hears of every outcome.</summary>
    public Action<Outcome> OnOutcome { get; init; } = _ => { };

    /// <summary>Hears of repeats once their window is over; must not block.</summary>
    public Action<Collision> OnClosed { get; init; } = _ => { };

    /// <summary>Hears at the end how many collisions were left undecided because <see cref="DrainLimit"/> had passed.</summary>
    public Action<int> OnAbandoned { get; init; } = _ => { };

    /// <summary>Open questions and strikes side by side.</summary>
    public int MostActionsAtOnce { get; init; } = 64;

    /// <summary>How long lookups and actions may still take after the flow was told to stop.</summary>
    public TimeSpan DrainLimit { get; init; } = TimeSpan.FromSeconds(1.5);
}
