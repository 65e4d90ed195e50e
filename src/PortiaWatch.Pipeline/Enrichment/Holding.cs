using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Enrichment;

/// <summary>State of an endpoint with its holders.</summary>
/// <param name="State">As the socket table has it.</param>
/// <param name="Holders">Empty unless held.</param>
/// <param name="Limit">What limits the answer; null when nothing does.</param>
public sealed record Holding(PortState State, IReadOnlyList<Holder> Holders, string? Limit);
