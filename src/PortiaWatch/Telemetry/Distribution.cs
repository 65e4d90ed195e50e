namespace PortiaWatch.Telemetry;

/// <summary>How durations were spread at one moment.</summary>
/// <param name="Bounds">Upper ends in seconds, ends included.</param>
/// <param name="Counts">How many fell into each, and last how many were longer than all; not added up.</param>
/// <param name="SumSeconds">Of all.</param>
internal sealed record Distribution(IReadOnlyList<double> Bounds, IReadOnlyList<long> Counts, double SumSeconds);
