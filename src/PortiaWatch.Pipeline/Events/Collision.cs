namespace PortiaWatch.Pipeline.Events;

/// <summary>Sightings of the same failure drawn together by the debounce.</summary>
public sealed record Collision
{
    /// <summary>Random; names the collision, and the incident made of it, in output, history and on the control socket.</summary>
    public string Id { get; init; } = "";

    public CollisionPhase Phase { get; init; }

    /// <summary>The best-trusted sighting of the burst so far.</summary>
    public required Sighting Evidence { get; init; }

    public required DateTimeOffset First { get; init; }

    public required DateTimeOffset Last { get; init; }

    /// <summary>Sightings drawn together so far, at least 1.</summary>
    public required int Count { get; init; }

    /// <summary>Names of the sources that saw it, in the order in which they did.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    public Endpoint Endpoint => Evidence.Endpoint;
}
