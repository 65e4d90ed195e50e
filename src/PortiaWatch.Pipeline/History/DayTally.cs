namespace PortiaWatch.Pipeline.History;

/// <summary>What one day adds up to; a blockage counts for the day on which it began.</summary>
public sealed record DayTally(DateOnly Day, int Incidents, TimeSpan Blocked);
