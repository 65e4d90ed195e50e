namespace PortiaWatch.Telemetry;

/// <summary>One family of numbers, ready to be written in whatever form is asked for.</summary>
/// <param name="Name">As Prometheus has it, without the <c>_total</c> of a counter.</param>
/// <param name="Help">One line for people.</param>
/// <param name="Kind">What the numbers mean.</param>
/// <param name="Points">One for each combination of labels.</param>
internal sealed record Metric(string Name, string Help, MetricKind Kind, IReadOnlyList<MetricPoint> Points);
