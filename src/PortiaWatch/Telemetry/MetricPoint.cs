namespace PortiaWatch.Telemetry;

/// <summary>One number, or one distribution.</summary>
/// <param name="Labels">Name and value, names in a fixed order.</param>
/// <param name="Value">Of a counter or a gauge.</param>
/// <param name="Distribution">Of a histogram; null otherwise.</param>
internal sealed record MetricPoint(IReadOnlyList<(string Name, string Value)> Labels, double Value, Distribution? Distribution = null);
