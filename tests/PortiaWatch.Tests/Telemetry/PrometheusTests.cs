using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Telemetry;

/// <summary>The numbers as they leave a running watcher: over the control socket, over loopback, and into Debian's Prometheus.</summary>
public sealed class PrometheusTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Status_Prometheus_PrintsTheNumbers()
    {
        await using Watcher watcher = await Watcher.StartAsync(_folder);
        await CollideAsync(watcher, 3201);

        Portia.Answer answer = await Portia.RunInAsync(_folder.Path, "status", "--prometheus");
        Portia.Answer json = await Portia.RunInAsync(_folder.Path, "status", "--prometheus", "--json");

        Assert.Equal(0, answer.ExitCode);
        Assert.Contains("portia_collisions_total{source=\"hook\",port=\"3201\",verdict=\"log\"} 1\n", answer.Output, StringComparison.Ordinal);
        Assert.Contains("portia_outcomes_total{outcome=\"logged\"} 1\n", answer.Output, StringComparison.Ordinal);
        Assert.Contains("portia_incident_latency_seconds_count 1\n", answer.Output, StringComparison.Ordinal);
        Assert.Contains("portia_source_restarts_total{source=\"hook\"} 0\n", answer.Output, StringComparison.Ordinal);
        Assert.Equal("portia.metrics/1", json.Json.GetProperty("schema").GetString());
    }

    [SkippableFact]
    public async Task Prometheus_OfDebian_ScrapesTheWatcher()
    {
        Server.Requires("prometheus");
        int port = Server.FreePort(), own = Server.FreePort();
        await using Watcher watcher = await ServingOnAsync(port);
        await CollideAsync(watcher, 3202);
        string config = _folder.Write("prometheus.yml", $$"""
            global: { scrape_interval: 1s, scrape_timeout: 1s }
            scrape_configs:
              - job_name: portia
                static_configs: [ { targets: ['127.0.0.1:{{port}}'] } ]
            """);
        await using Server prometheus = await Server.Start(
            _folder.Path, "/usr/bin/prometheus", $"--config.file={config}", $"--storage.tsdb.path={_folder.Path}/tsdb", $"--web.listen-address=127.0.0.1:{own}").ListensOnAsync(own);

        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{own}") };
        JsonElement row = await QueryAsync(http, "portia_collisions_total{port=\"3202\"}", prometheus);

        Assert.Equal("1", row.GetProperty("value")[1].GetString());
        Assert.Equal("hook", row.GetProperty("metric").GetProperty("source").GetString());
        Assert.Equal("1", (await QueryAsync(http, "portia_incident_latency_seconds_bucket{le=\"+Inf\"}", prometheus)).GetProperty("value")[1].GetString());
    }

    [Fact]
    public async Task Listener_AnythingButItsOwnScrape_IsRefused()
    {
        int port = Server.FreePort();
        await using Watcher watcher = await ServingOnAsync(port);

        Assert.StartsWith("HTTP/1.1 200 OK\r\n", await SendAsync(port, $"GET /metrics HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 421 ", await SendAsync(port, "GET /metrics HTTP/1.1\r\nHost: evil.example\r\n\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 404 ", await SendAsync(port, $"GET /etc/passwd HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 431 ", await SendAsync(port, new string('a', 8 * 1024)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Listener_ClientsThatSayNothing_AreSentAwayAndOthersServed()
    {
        int port = Server.FreePort();
        await using Watcher watcher = await ServingOnAsync(port);
        var silent = new List<TcpClient>();
        try
        {
            for (int client = 0; client < 32; client++)
            {
                silent.Add(new TcpClient());
                await silent[^1].ConnectAsync(IPAddress.Loopback, port);
            }

            Assert.StartsWith("HTTP/1.1 200 OK\r\n", await SendAsync(port, $"GET /metrics HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n"), StringComparison.Ordinal);
        }
        finally
        {
            silent.ForEach(client => client.Dispose());
        }
    }

    [Fact]
    public async Task Listener_AddressTaken_IsSaidAndTheWatcherWatchesOn()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        int port = ((IPEndPoint)other.LocalEndpoint).Port;

        await using Watcher watcher = await ServingOnAsync(port);
        await CollideAsync(watcher, 3203);

        Assert.Contains($"portia who 127.0.0.1:{port}", watcher.Portia.Messages, StringComparison.Ordinal);
    }

    private Task<Watcher> ServingOnAsync(int port) => Watcher.StartAsync(
        _folder, $$"""{ "sources": { "kernel": false, "systemLog": false }, "rules": [], "telemetry": { "prometheus": "127.0.0.1:{{port}}" } }""");

    private static async Task CollideAsync(Watcher watcher, int port)
    {
        await watcher.SendAsync($$$"""{"schema":"portia.request/1","do":"hook","hook":{"transport":"tcp","address":"127.0.0.1","port":{{{port}}}}}""");
        await watcher.WaitForAsync(status => status.GetProperty("counters").GetProperty("outcomes").TryGetProperty("logged", out _));
    }

    private static async Task<JsonElement> QueryAsync(HttpClient http, string query, Server prometheus)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            while (true)
            {
                using HttpResponseMessage answer = await http.GetAsync($"/api/v1/query?query={Uri.EscapeDataString(query)}", patience.Token);
                if (answer.IsSuccessStatusCode)
                {
                    JsonElement rows = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(patience.Token)).RootElement.GetProperty("data").GetProperty("result");
                    if (rows.GetArrayLength() > 0)
                        return Assert.Single(rows.EnumerateArray());
                }

                await Task.Delay(100, patience.Token);
            }
        }
        catch (OperationCanceledException)
        {
            throw new InvalidOperationException($"never scraped: {prometheus.Output}");
        }
    }

    private static async Task<string> SendAsync(int port, string request)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, patience.Token);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), patience.Token);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(patience.Token);
    }
}
