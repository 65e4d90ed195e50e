using PortiaWatch.Control;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Sources;
using IncidentHistory = PortiaWatch.Pipeline.History.IncidentHistory;

namespace PortiaWatch.Telemetry;

/// <summary>The watcher's numbers for other systems: what is counted only for them, and what <c>status</c> counts anyway, read when somebody asks. Thread-safe.</summary>
internal sealed class WatchMetrics(
    SourceSupervisor supervisor, WatchCounters counters, Broadcast broadcast, IncidentHistory history, DateTimeOffset startedAt, TimeProvider time)
{
    private readonly CollisionTally _collisions = new();
    private readonly Durations _latency = new();

    /// <summary>When counting began.</summary>
    public DateTimeOffset StartedAt { get; } = startedAt;

    /// <summary>What was to be told to others and could not be, by whom it was for.</summary>
    public NamedCounts Untold { get; } = new();

    public void Count(Verdict verdict)
    {
        _collisions.Add(verdict);
        _latency.Add(time.GetUtcNow() - verdict.Incident.Collision.Evidence.Record.ReadAt);
    }

    public IReadOnlyList<Metric> Read()
    {
        IReadOnlyList<SourceReport> sources = supervisor.Reports;
        CounterStatus counted = counters.Snapshot(sources.Sum(source => source.Records));
        return
        [
            new("portia_build", "The watcher that runs; always 1.", MetricKind.Gauge, [new([("version", Build.ShortVersion(Build.Version))], 1)]),
            new("portia_start_time_seconds", "When it was started, in seconds since 1970.", MetricKind.Gauge, [One(StartedAt.ToUnixTimeMilliseconds() / 1000.0)]),
            new("portia_sightings", "Bind failures seen, repeats included.", MetricKind.Counter, [One(counted.Sightings)]),
            new("portia_collisions", "Collisions decided, by who saw them, port and what the rules said.", MetricKind.Counter, _collisions.Snapshot()),
            new("portia_outcomes", "Incidents by how they ended.", MetricKind.Counter, ByName(counted.Outcomes, "outcome")),
            new("portia_strikes", "Strikes by how they ended: by rule, by button and by hand.", MetricKind.Counter, ByName(counted.Strikes, "outcome")),
            new("portia_incident_latency_seconds", "From reading the evidence to the decided incident.", MetricKind.Histogram, [new([], 0, _latency.Snapshot())]),
            new("portia_source_records", "Records read.", MetricKind.Counter, BySource(sources, source => source.Records)),
            new("portia_source_restarts", "How often a source had to be started again.", MetricKind.Counter, BySource(sources, source => source.Restarts)),
            new("portia_source_dropped", "Records lost before they could be read.", MetricKind.Counter, BySource(sources, source => source.Dropped)),
            new("portia_source_cut", "Records cut short.", MetricKind.Counter, BySource(sources, source => source.Cut)),
            new("portia_untold", "What somebody was to be told and was not, because he was slow or away.", MetricKind.Counter, UntoldPoints()),
            new("portia_undecided", "Collisions that still waited when the watcher was stopped.", MetricKind.Counter, [One(counters.Abandoned)]),
        ];
    }

    private List<MetricPoint> UntoldPoints() => [new([("to", "tail")], broadcast.Missed), new([("to", "history")], history.Report.NotWritten), .. ByName(Untold.Snapshot(), "to")];

    private static MetricPoint One(double value) => new([], value);

    private static List<MetricPoint> ByName(IReadOnlyDictionary<string, long> counts, string label) => [.. counts.Select(count => new MetricPoint([(label, count.Key)], count.Value))];

    private static List<MetricPoint> BySource(IReadOnlyList<SourceReport> sources, Func<SourceReport, long> count) =>
        [.. sources.Select(source => new MetricPoint([("source", source.Name)], count(source)))];
}
