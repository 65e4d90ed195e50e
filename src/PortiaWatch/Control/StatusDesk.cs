using PortiaWatch.Daemon;
using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.History;
using PortiaWatch.Pipeline.Sources;
using PortiaWatch.Telemetry;

namespace PortiaWatch.Control;

/// <summary>Answers <c>status</c>: everything is looked up when somebody asks, and only then.</summary>
internal sealed class StatusDesk(
    Composition composition,
    WatchOptions options,
    SourceSupervisor supervisor,
    WatchCounters counters,
    WatchMetrics metrics,
    Broadcast broadcast,
    IncidentHistory history,
    NamedCounts refused,
    ControlHello hello,
    TimeProvider time)
{
    public Task AnswerAsync(ControlRequest request, ControlConnection connection, CancellationToken cancellation) =>
        connection.WriteAsync(Read(), ControlJson.Default.WatchStatus, cancellation);

    private WatchStatus Read()
    {
        IReadOnlyList<SourceReport> sources = supervisor.Reports;
        return new WatchStatus
        {
            Schema = WatchStatus.CurrentSchema,
            Version = hello.Version,
            Pid = hello.Pid,
            StartedAt = hello.StartedAt,
            UptimeSeconds = Math.Round((time.GetUtcNow() - hello.StartedAt).TotalSeconds, 1),
            MemoryBytes = Environment.WorkingSet,
            DryRun = options.IsDryRun,
            Lite = options.IsLite,
            Configuration = composition.Origin,
            ConfigurationError = composition.Rejection,
            Rules = [.. composition.Settings.Rules.Select(Describe)],
            Sources = [.. sources.Select(Describe)],
            Counters = counters.Snapshot(sources.Sum(source => source.Records)),
            Drops = Drops(sources),
            Refused = refused.Snapshot(),
            Viewers = broadcast.Viewers,
        };
    }

    private static RuleStatus Describe(Rule rule) => new(rule.Title, rule.Action.ToString().ToLowerInvariant(), [.. rule.Ports.Select(range => range.ToString())]);

    private static SourceStatus Describe(SourceReport source) =>
        new(source.Name, source.State.ToString().ToLowerInvariant(), source.Note, source.Records, source.Dropped, source.Cut, source.Restarts);

    private SortedDictionary<string, long> Drops(IReadOnlyList<SourceReport> sources)
    {
        var drops = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (SourceReport source in sources)
        {
            Note($"{source.Name}: lost before they could be read", source.Dropped);
            Note($"{source.Name}: cut short", source.Cut);
        }

        Note("tail: not taken in time", broadcast.Missed);
        Note("history: could not be written", history.Report.NotWritten);
        foreach ((string to, long count) in metrics.Untold.Snapshot())
            Note($"{to}: not taken in time", count);
        Note("undecided at the end", counters.Abandoned);
        return drops;

        void Note(string reason, long count)
        {
            if (count > 0)
                drops[reason] = count;
        }
    }
}
