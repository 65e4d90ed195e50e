using System.Text;
using PortiaWatch.Control;
using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.History;
using PortiaWatch.Pipeline.Sources;
using PortiaWatch.Telemetry;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Telemetry;

public sealed class MetricsTests
{
    [Fact]
    public void CollisionTally_MorePortsThanItHasRowsFor_SharesOneRowAmongTheRest()
    {
        var tally = new CollisionTally();
        for (int port = 1; port <= 5000; port++)
            tally.Add(VerdictOn(port));
        tally.Add(VerdictOn(1));
        tally.Add(VerdictOn(null));

        IReadOnlyList<MetricPoint> points = tally.Snapshot();

        Assert.Equal(CollisionTally.MostPorts + 2, points.Count);
        Assert.Equal(2, ValueOf("1"));
        Assert.Equal(5000 - CollisionTally.MostPorts, ValueOf("other"));
        Assert.Equal(1, ValueOf("none"));

        double ValueOf(string label) => Assert.Single(points, point => point.Labels.Contains(("port", label))).Value;
    }

    [Fact]
    public void Durations_OnABound_CountsBelowIt()
    {
        var durations = new Durations();
        durations.Add(TimeSpan.FromMilliseconds(1));
        durations.Add(TimeSpan.FromMilliseconds(1.1));
        durations.Add(TimeSpan.FromHours(1));
        durations.Add(TimeSpan.FromSeconds(-5));

        Distribution spread = durations.Snapshot();

        Assert.Equal(spread.Bounds.Count + 1, spread.Counts.Count);
        Assert.Equal((2, 1, 1), (spread.Counts[0], spread.Counts[1], spread.Counts[^1]));
        Assert.Equal(3600.0021, spread.SumSeconds, 6);
    }

    [Fact]
    public void PrometheusText_HostileLabel_CannotEndItsValueOrItsLine()
    {
        string text = PrometheusText.Of([new("m", "Help.", MetricKind.Counter, [new([("a", "x\"} 9\n# TYPE evil gauge\r\nevil 1\\")], 1)])]);

        Assert.Equal("# HELP m_total Help.\n# TYPE m_total counter\nm_total{a=\"x\\\"} 9\\n# TYPE evil gauge\\nevil 1\\\\\"} 1\n", text);
    }

    [Fact]
    public void PrometheusText_Histogram_CountsEachClassWithAllBelow()
    {
        string text = PrometheusText.Of([new("h", "Help.", MetricKind.Histogram, [new([], 0, new Distribution([0.5, 1], [2, 0, 3], 7.25))])]);

        Assert.EndsWith("h_bucket{le=\"0.5\"} 2\nh_bucket{le=\"1\"} 2\nh_bucket{le=\"+Inf\"} 5\nh_sum 7.25\nh_count 5\n", text, StringComparison.Ordinal);
    }

    /// <summary>The numbers of a watcher that has not seen anything.</summary>
    internal static WatchMetrics Fresh(TemporaryFolder folder)
    {
        var log = Serilog.Core.Logger.None;
        var history = new IncidentHistory(Path.Combine(folder.Path, "h.db"), () => TimeSpan.FromDays(1), Platforms.Here().Processes, TimeProvider.System, log);
        return new WatchMetrics(new SourceSupervisor(log, TimeProvider.System), new WatchCounters(), new Broadcast(), history, DateTimeOffset.UnixEpoch, TimeProvider.System);
    }

    internal static Verdict VerdictOn(int? port)
    {
        var endpoint = new Endpoint { Transport = Transport.Tcp, Port = port };
        DateTimeOffset noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
        var record = new LogRecord { Text = Encoding.UTF8.GetBytes("x"), Source = "journal", Trust = Trust.System, Time = noon, ReadAt = noon };
        var sighting = new Sighting { Record = record, Kind = SightingKind.Collision, Endpoint = endpoint, Pattern = "p", Text = "x" };
        var collision = new Collision { Evidence = sighting, First = noon, Last = noon, Count = 1, Sources = ["journal"] };
        var incident = new Incident
        {
            Collision = collision,
            Id = "i",
            Endpoint = endpoint,
            State = PortState.Free,
            Holders = [],
            Doubts = [],
            IsHolderConfirmed = false,
        };
        return new Verdict { Incident = incident, Action = RuleAction.Log, Rule = Rule.Last, Reason = "because" };
    }
}
