using System.Text.Json;
using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Telemetry;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Telemetry;

/// <summary>A running watcher and its collector, on good and on bad days.</summary>
public sealed class OtlpTests : IDisposable
{
    private const string Untaken = "otlp: not taken in time";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Exporter_Collision_SendsARecordAndTheNumbers()
    {
        await using OtlpReceiver collector = await OtlpReceiver.StartAsync();
        await using Watcher watcher = await SendingToAsync(collector.Address);
        await CollideAsync(watcher, 3301);

        await collector.UntilAsync(it => it.Metrics.Any());

        JsonElement record = Assert.Single(collector.LogRecords);
        Assert.Equal("3301", Attribute(record, "portia.port").GetProperty("intValue").GetString());
        Assert.Equal("logged", Attribute(record, "portia.outcome").GetProperty("stringValue").GetString());
        Assert.Equal(9, record.GetProperty("severityNumber").GetInt32());
        Assert.NotEqual("", record.GetProperty("body").GetProperty("stringValue").GetString());
        Assert.Equal(19, record.GetProperty("timeUnixNano").GetString()!.Length);
        JsonElement sum = collector.Metrics.Last(metric => metric.GetProperty("name").GetString() == "portia_collisions").GetProperty("sum");
        Assert.True(sum.GetProperty("isMonotonic").GetBoolean());
        Assert.Equal(1, Assert.Single(sum.GetProperty("dataPoints").EnumerateArray()).GetProperty("asDouble").GetDouble());
        JsonElement spread = collector.Metrics.Last(metric => metric.TryGetProperty("histogram", out _)).GetProperty("histogram").GetProperty("dataPoints")[0];
        Assert.Equal(spread.GetProperty("explicitBounds").GetArrayLength() + 1, spread.GetProperty("bucketCounts").GetArrayLength());
        Assert.Equal("1", spread.GetProperty("count").GetString());
    }

    [Fact]
    public async Task Exporter_CollectorAwayThenBack_GetsWhatWaited()
    {
        int port = Server.FreePort();
        await using Watcher watcher = await SendingToAsync($"http://127.0.0.1:{port}/some/path/");
        await CollideAsync(watcher, 3302);
        await watcher.Portia.WaitForMessageAsync("the collector does not take");

        await using OtlpReceiver back = await OtlpReceiver.StartAsync(port: port);

        await back.UntilAsync(it => it.Requests.Any(request => request.Path == "/some/path/v1/logs" && request.Body.ToString().Contains("3302", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("\0\u0001 no http at all\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n")]
    public async Task Exporter_CollectorThatSpeaksNoHttp_HoldsUpNeitherTheWatcherNorItsEnd(string answer)
    {
        await using BrokenCollector collector = await BrokenCollector.StartAsync(answer);
        await using Watcher watcher = await SendingToAsync(collector.Address);

        await CollideAndEndAsync(watcher, () => collector.Answered.Task.WaitAsync(TimeSpan.FromSeconds(60)));
    }

    [Theory]
    [InlineData(503)]
    [InlineData(null)]
    public async Task Exporter_CollectorThatIsBusyOrHangs_HoldsUpNeitherTheWatcherNorItsEnd(int? status)
    {
        await using OtlpReceiver collector = await OtlpReceiver.StartAsync(status);
        await using Watcher watcher = await SendingToAsync(collector.Address);

        await CollideAndEndAsync(watcher, () => collector.UntilAsync(it => !it.Requests.IsEmpty));
    }

    [Theory]
    [InlineData(400, null)]
    [InlineData(307, "/v1/elsewhere")]
    public async Task Exporter_CollectorThatRefuses_CountsWhatItDidNotTakeAndGoesNowhereElse(int status, string? location)
    {
        await using OtlpReceiver collector = await OtlpReceiver.StartAsync(status, location);
        await using Watcher watcher = await SendingToAsync(collector.Address);
        await CollideAsync(watcher, 3305);

        JsonElement told = await watcher.WaitForAsync(told => told.GetProperty("drops").TryGetProperty(Untaken, out _));

        Assert.Equal(1, told.GetProperty("drops").GetProperty(Untaken).GetInt64());
        Assert.All(collector.Requests, request => Assert.StartsWith("/v1/", request.Path, StringComparison.Ordinal));
        Assert.DoesNotContain(collector.Requests, request => request.Path.Contains("elsewhere", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Exporter_CollectorThatHangs_KeepsSoManyAndCountsTheRest()
    {
        await using OtlpReceiver collector = await OtlpReceiver.StartAsync(status: null);
        var counted = MetricsTests.Fresh(_folder);
        await using (var exporter = new OtlpExporter(new Uri(collector.Address), counted, TimeProvider.System, Serilog.Core.Logger.None))
        {
            Outcome outcome = OutcomeOf("x");
            for (int told = 0; told < OtlpExporter.MostWaiting + 1000; told++)
                exporter.Tell(outcome);
        }

        // What was already on its way has made room.
        Assert.InRange(counted.Untold.Snapshot()["otlp"], 1000 - 256, 1000);
    }

    [Fact]
    public void LogRecord_HostileText_StaysAStringWithoutControlCharacters()
    {
        var random = new Random(4318);
        const string Letters = "ab\"\\{}[]:,\n\r\0\u001b\u2028\ud800é";
        for (int round = 0; round < 2000; round++)
        {
            string hostile = new([.. Enumerable.Range(0, random.Next(1, 30)).Select(_ => Letters[random.Next(Letters.Length)])]);

            JsonElement record = JsonDocument.Parse(OtlpJson.Logs([OtlpJson.LogRecord(OutcomeOf(hostile))])).RootElement
                .GetProperty("resourceLogs")[0].GetProperty("scopeLogs")[0].GetProperty("logRecords")[0];

            Assert.DoesNotContain(record.GetProperty("body").GetProperty("stringValue").GetString()!, char.IsControl);
            Assert.DoesNotContain(Attribute(record, "portia.rule").GetProperty("stringValue").GetString()!, char.IsControl);
        }
    }

    private Task<Watcher> SendingToAsync(string collector) => Watcher.StartAsync(
        _folder, $$$"""{ "sources": { "kernel": false, "systemLog": false }, "rules": [], "telemetry": { "otlp": "{{{collector}}}" } }""");

    private static async Task CollideAndEndAsync(Watcher watcher, Func<Task> bother)
    {
        await CollideAsync(watcher, 3303);
        await bother();
        await CollideAsync(watcher, 3304);
        Signals.Send(watcher.Portia.Pid, Signals.Terminate);

        Assert.Equal(0, await watcher.Portia.WaitForExitAsync());
    }

    private static async Task CollideAsync(Watcher watcher, int port)
    {
        long before = Incidents(await watcher.StatusAsync());
        await watcher.SendAsync($$$"""{"schema":"portia.request/1","do":"hook","hook":{"transport":"tcp","address":"127.0.0.1","port":{{{port}}}}}""");
        await watcher.WaitForAsync(status => Incidents(status) > before);

        static long Incidents(JsonElement status) => status.GetProperty("counters").GetProperty("incidents").GetInt64();
    }

    private static JsonElement Attribute(JsonElement record, string key) =>
        Assert.Single(record.GetProperty("attributes").EnumerateArray(), attribute => attribute.GetProperty("key").GetString() == key).GetProperty("value");

    private static Outcome OutcomeOf(string hostile)
    {
        Verdict verdict = MetricsTests.VerdictOn(3000) with { Rule = new Rule { Name = hostile, Action = RuleAction.Log } };
        return new Outcome { Verdict = verdict, Kind = OutcomeKind.Logged, Sentence = hostile, At = DateTimeOffset.UnixEpoch };
    }
}
