namespace PortiaWatch.Pipeline.History;

/// <summary>What one port, or one program, adds up to. Names are as the programs gave them, not cleaned.</summary>
/// <param name="Name"><c>3000</c>, <c>udp/5353</c>, a path, or a program's name; empty when it is not known.</param>
/// <param name="Incidents">How many incidents.</param>
/// <param name="Refusals">Repeats included.</param>
/// <param name="Freed">Incidents that ended with a freed port.</param>
/// <param name="Blocked">Time that work was blocked.</param>
/// <param name="Other">What most often goes with it: a port's holder, a program's port; null when not known.</param>
public sealed record Tally(string Name, int Incidents, long Refusals, int Freed, TimeSpan Blocked, string? Other);
