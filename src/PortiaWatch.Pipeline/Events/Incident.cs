namespace PortiaWatch.Pipeline.Events;

/// <summary>A collision with both sides looked up.</summary>
public sealed record Incident
{
    public required Collision Collision { get; init; }

    /// <summary>Random, stable over restarts: names the incident in history and on the control socket.</summary>
    public required string Id { get; init; }

    /// <summary>The endpoint as far as it is known now: the evidence's, or the one inferred from what the contender was asked to do.</summary>
    public required Endpoint Endpoint { get; init; }

    /// <summary>Where an inferred port came from ("the command line", "PORT in the environment"); null when the evidence names it.</summary>
    public string? InferredFrom { get; init; }

    /// <summary>Who was refused, as the system vouches for it; null when nobody does.</summary>
    public Sender? Contender { get; init; }

    public required PortState State { get; init; }

    public required IReadOnlyList<Holder> Holders { get; init; }

    /// <summary>Empty when confirmed; else why it is not, one plain sentence each.</summary>
    public required IReadOnlyList<string> Doubts { get; init; }

    /// <summary>
    /// True only if right now a live process holds a socket that blocks the endpoint, is older than the sighting, and contender and holder
    /// have the user's own uid.
    /// </summary>
    public bool IsConfirmed => Doubts.Count == 0;

    /// <summary>True when the only thing missing is a contender that the system vouches for: what a rule with <c>"trust": "text"</c> waives.</summary>
    public required bool IsHolderConfirmed { get; init; }

    /// <summary>True when contender and holder work in the same project folder.</summary>
    public bool IsSameProject { get; init; }

    /// <summary>What was limited while looking (rights, namespaces); null when nothing was.</summary>
    public string? Limit { get; init; }
}
