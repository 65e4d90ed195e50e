namespace PortiaWatch.Telemetry;

/// <summary>Sorts durations into a fixed number of classes. Thread-safe.</summary>
internal sealed class Durations
{
    // A lookup takes from half a millisecond (one holder) to some hundred (a machine under load); a second and more means that something is wrong.
    private static readonly double[] Bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly Lock _lock = new();
    private readonly long[] _counts = new long[Bounds.Length + 1];
    private double _sumSeconds;

    /// <summary>A clock that was set back makes no negative duration.</summary>
    public void Add(TimeSpan duration)
    {
        double seconds = Math.Max(0, duration.TotalSeconds);
        int at = Array.BinarySearch(Bounds, seconds);
        lock (_lock)
        {
            _counts[at < 0 ? ~at : at]++;
            _sumSeconds += seconds;
        }
    }

    public Distribution Snapshot()
    {
        lock (_lock)
            return new Distribution(Bounds, [.. _counts], _sumSeconds);
    }
}
