using System.Diagnostics;
using System.Text;
using System.Text.Json;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Storms;

/// <summary>More lines than anybody can read, and failures among them that count.</summary>
public sealed class FloodTests : IDisposable
{
    private const int FirstPort = 20000;

    // A server's own log.
    private static readonly string[] Ordinary =
    [
        "2026-11-22T12:00:00.123Z INFO  [http] GET /api/items/4711 200 12.4 ms - 1523 bytes",
        "10.0.0.7 - - [22/Nov/2026:12:00:00 +0000] \"GET /assets/main.js HTTP/1.1\" 304 0 \"-\" \"Mozilla/5.0\"",
        "  at Layer.handle [as handle_request] (/srv/shop/node_modules/express/lib/router/layer.js:95:5)",
        "[vite] hmr update /src/components/Cart.vue",
        "Server listening on http://127.0.0.1:3000 (port 3000)",
        "{\"level\":30,\"time\":1795310400000,\"msg\":\"request completed\",\"responseTime\":3}",
    ];

    // Every fourth is worded so that it must be read whole.
    private static readonly string[] LookAlikes =
    [
        .. Ordinary,
        "2026-11-22T12:00:00.124Z DEBUG [pool] connection 17 returned, 3 idle, 2 in use, 0 waiting",
        "warn: the address book of user 4711 is already in the cache",
    ];

    private readonly TemporaryFolder _folder = new();

    public FloodTests() => Portia.DataHome = _folder.Path;

    public void Dispose()
    {
        Portia.DataHome = null;
        _folder.Dispose();
    }

    [SkippableFact]
    public Task Watch_CollisionsInAFloodOfLines_TellsEachOfThemAndStaysSmall() => FloodAsync("flood", Ordinary, Figures.Rounds(2_000_000, 60_000_000));

    [SkippableFact]
    public Task Watch_CollisionsInAFloodOfLookAlikes_TellsEachOfThemAndStaysSmall() => FloodAsync("flood, every fourth line a look-alike", LookAlikes, Figures.Rounds(1_000_000, 20_000_000));

    [SkippableFact]
    public async Task Watch_ManyDistinctEndpointsAtOnce_AccountsForEachAndHearsTheNext()
    {
        Memory.RequireCount();
        int endpoints = Figures.Rounds(5_000, 100_000);
        string log = _folder.Write("app.log", "");
        await using Watcher watcher = await Watcher.StartAsync(_folder, FollowOnly(log));
        await watcher.Portia.WaitForMessageAsync("Source file is running");
        Task<HashSet<string>> told = EndpointsAsync(watcher.Portia, endpoints);

        var clock = Stopwatch.StartNew();
        await File.AppendAllTextAsync(log, string.Concat(Enumerable.Range(0, endpoints).Select(Refusal)));
        Assert.Equal(endpoints, (await told).Count);
        double seconds = clock.Elapsed.TotalSeconds;

        JsonElement status = await watcher.WaitForAsync(status => Outcomes(status) >= endpoints);
        Assert.Equal(endpoints, Counter(status, "collisions"));
        Assert.Equal(endpoints, Counter(status, "incidents"));
        Assert.Equal(endpoints, Outcomes(status));
        Assert.Equal("{}", status.GetProperty("drops").GetRawText());
        await File.AppendAllTextAsync(log, Refusal(endpoints));
        Assert.Single(await EndpointsAsync(watcher.Portia, 1));
        int peak = Memory.AssertBelowCeiling(watcher.Portia.Pid);
        Figures.Add($"endpoints: {endpoints:N0} distinct at once, all told within {seconds:N1} s, 0 lost, peak {peak} MB (ceiling {Memory.CeilingMegabytes})");
    }

    [SkippableFact]
    public async Task Watch_ThousandsOnOneKey_ActsOncePerWindowAndCountsTheRest()
    {
        Memory.RequireCount();
        const int Repeats = 5_000;
        await using Portia portia = Portia.Start("watch", "--source", "stdin", "--json", "--config", _folder.Write("portia.json", """{ "debounce": { "window": "1h" }, "rules": [] }"""));
        await portia.WaitForMessageAsync("watching");

        // Between two failures of one program there are other lines, or they would be one report.
        await portia.Input.WriteAsync(string.Concat(Enumerable.Repeat(Refusal(0) + Ordinary[0] + "\n", Repeats)));
        await portia.Input.FlushAsync();
        Assert.Single(await EndpointsAsync(portia, 1));
        int peak = Memory.AssertBelowCeiling(portia.Pid);
        portia.Input.Close();
        Assert.Null(await portia.ReadLineAsync());
        Assert.Equal(0, await portia.WaitForExitAsync());

        Portia.Answer history = await Portia.RunAsync("history", "--json", "--limit", "0");
        Assert.Equal(Repeats, Assert.Single(history.JsonLines).GetProperty("collision").GetProperty("count").GetInt32());
        Figures.Add($"one key: {Repeats:N0} failures, 1 incident, {Repeats:N0} counted, peak {peak} MB");
    }

    private async Task FloodAsync(string name, string[] kinds, long lines)
    {
        Memory.RequireCount();
        int collisions = Figures.Rounds(1_000, 10_000);
        await using Portia portia = Portia.Start("watch", "--source", "stdin", "--json", "--config", _folder.Write("portia.json", """{ "rules": [] }"""));
        await portia.WaitForMessageAsync("watching");
        Task<HashSet<string>> told = EndpointsAsync(portia, collisions);

        var clock = Stopwatch.StartNew();
        await WriteAsync(portia.Input.BaseStream, kinds, lines, collisions);
        HashSet<string> distinct = await told;
        double perSecond = lines / clock.Elapsed.TotalSeconds;

        Assert.Equal(collisions, distinct.Count);
        int peak = Memory.AssertBelowCeiling(portia.Pid);
        portia.Input.Close();
        Assert.Null(await portia.ReadLineAsync());
        Assert.Equal(0, await portia.WaitForExitAsync());
        Figures.Add($"{name}: {lines:N0} lines at {perSecond:N0} lines/s, {distinct.Count:N0} of {collisions:N0} collisions told, peak {peak} MB (ceiling {Memory.CeilingMegabytes})");
    }

    private static async Task WriteAsync(Stream input, string[] kinds, long lines, int collisions)
    {
        long each = lines / collisions;
        byte[] ordinary = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, (int)each - 1).Select(i => kinds[i % kinds.Length] + "\n")));
        for (int i = 0; i < collisions; i++)
        {
            await input.WriteAsync(ordinary);
            await input.WriteAsync(Encoding.UTF8.GetBytes(Refusal(i)));
            await input.FlushAsync();
        }
    }

    /// <summary>Reads so many incidents; fewer at the end of the output.</summary>
    private static async Task<HashSet<string>> EndpointsAsync(Portia portia, int incidents)
    {
        var endpoints = new HashSet<string>();
        for (int i = 0; i < incidents && await portia.ReadLineAsync() is { } line; i++)
        {
            JsonElement endpoint = JsonDocument.Parse(line).RootElement.GetProperty("endpoint");
            endpoints.Add($"{endpoint.GetProperty("address").GetString()}:{endpoint.GetProperty("port").GetInt32()}");
        }

        return endpoints;
    }

    private static string Refusal(int number) => $"listen tcp 127.0.0.{1 + (number / 40_000)}:{FirstPort + (number % 40_000)}: bind: address already in use\n";

    private static string FollowOnly(string log) => $$"""{ "sources": { "kernel": false, "systemLog": false, "files": ["{{log}}"] }, "rules": [ { "action": "log" } ] }""";

    private static long Counter(JsonElement status, string name) => status.GetProperty("counters").GetProperty(name).GetInt64();

    private static long Outcomes(JsonElement status) => status.GetProperty("counters").GetProperty("outcomes").EnumerateObject().Sum(outcome => outcome.Value.GetInt64());
}
