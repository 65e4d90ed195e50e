namespace PortiaWatch.Pipeline.History;

/// <summary>
/// What past incidents add up to. Work is blocked on a port from the first refusal until the port was free; refusals of the same port less than ten minutes apart are one
/// blockage, and where nobody saw the port become free it ends with the last refusal. A program that went on by itself was not blocked.
/// </summary>
public sealed record HistoryStatistics
{
    /// <summary>First and last day, in the user's time zone.</summary>
    public required DateOnly From { get; init; }

    public required DateOnly Until { get; init; }

    public required int Incidents { get; init; }

    /// <summary>Every single refusal, repeats included.</summary>
    public required long Refusals { get; init; }

    /// <summary>Incidents that ended with a freed port.</summary>
    public required int Freed { get; init; }

    public required TimeSpan Blocked { get; init; }

    /// <summary>The busiest first.</summary>
    public required IReadOnlyList<Tally> Ports { get; init; }

    /// <summary>Programs that held the port, the busiest first.</summary>
    public required IReadOnlyList<Tally> Programs { get; init; }

    /// <summary>Every day from <see cref="From"/> to <see cref="Until"/>.</summary>
    public required IReadOnlyList<DayTally> Days { get; init; }

    /// <summary>Incidents by day of the week (Monday first) and hour, in the user's time zone: 7 × 24.</summary>
    public required IReadOnlyList<IReadOnlyList<int>> Hours { get; init; }
}
