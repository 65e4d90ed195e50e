namespace PortiaWatch.Control;

/// <summary>What went through the flow since the start.</summary>
internal sealed record CounterStatus
{
    public required long Records { get; init; }

    public required long Sightings { get; init; }

    public required long Collisions { get; init; }

    public required long Incidents { get; init; }

    /// <summary>How incidents ended, by the outcome's kind.</summary>
    public required IReadOnlyDictionary<string, long> Outcomes { get; init; }

    /// <summary>Strikes, by rule, button and hand together, by how they ended.</summary>
    public required IReadOnlyDictionary<string, long> Strikes { get; init; }
}
