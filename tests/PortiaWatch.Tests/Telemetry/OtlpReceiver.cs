using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace PortiaWatch.Tests.Telemetry;

/// <summary>A collector of Kestrel's: keeps what it is sent, and answers what a test wants it to.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _server;

    private OtlpReceiver(WebApplication server) => _server = server;

    public string Address => _server.Urls.Single();

    public ConcurrentQueue<(string Path, JsonElement Body)> Requests { get; } = new();

    public IEnumerable<JsonElement> LogRecords => Items("/v1/logs", "resourceLogs", "scopeLogs", "logRecords");

    public IEnumerable<JsonElement> Metrics => Items("/v1/metrics", "resourceMetrics", "scopeMetrics", "metrics");

    /// <param name="status">What it answers; null never answers.</param>
    /// <param name="location">Where it sends the exporter instead.</param>
    /// <param name="port">0 lets the system choose.</param>
    public static async Task<OtlpReceiver> StartAsync(int? status = StatusCodes.Status200OK, string? location = null, int port = 0)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        WebApplication server = builder.Build();
        var receiver = new OtlpReceiver(server);
        server.Run(context => receiver.AnswerAsync(context, status, location));
        await server.StartAsync();
        return receiver;
    }

    /// <summary>Waits until it is so.</summary>
    public async Task UntilAsync(Func<OtlpReceiver, bool> isSo)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!isSo(this))
            await Task.Delay(20, patience.Token);
    }

    // A request that is never answered must not hold up the end of the test.
    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _server.StopAsync(now.Token);
        await _server.DisposeAsync();
    }

    private IEnumerable<JsonElement> Items(string path, string resources, string scopes, string items) => Requests
        .Where(request => request.Path == path)
        .SelectMany(request => request.Body.GetProperty(resources).EnumerateArray())
        .SelectMany(resource => resource.GetProperty(scopes).EnumerateArray())
        .SelectMany(scope => scope.GetProperty(items).EnumerateArray());

    private async Task AnswerAsync(HttpContext context, int? status, string? location)
    {
        // The specification's own words for OTLP over HTTP with JSON; anything else is not what a collector takes.
        if (context.Request.Method != HttpMethods.Post || context.Request.ContentType != "application/json")
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        using JsonDocument body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        Requests.Enqueue((context.Request.Path, body.RootElement.Clone()));
        if (status is not { } code)
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
            return;
        }

        context.Response.StatusCode = code;
        if (location is not null)
            context.Response.Headers.Location = location;
        if (code == StatusCodes.Status200OK)
            await context.Response.WriteAsync("{}", context.RequestAborted);
    }
}
