namespace PortiaWatch.Telemetry;

/// <summary>What a number means.</summary>
internal enum MetricKind
{
    /// <summary>Only grows while the watcher runs.</summary>
    Counter,

    Gauge,

    Histogram,
}
