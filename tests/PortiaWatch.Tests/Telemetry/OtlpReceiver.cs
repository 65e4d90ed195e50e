using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace PortiaWatch.Tests.Telemetry;

/// <summary>A collector: keeps what it is sent, and answers what a test wants it to.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly string? _answer;
    private readonly Task _serving;

    /// <param name="answer">Bytes sent back as they are; null never answers.</param>
    public OtlpReceiver(string? answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
    {
        _answer = answer;
        _listener.Start();
        Address = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        _serving = ServeAsync();
    }

    public string Address { get; }

    public ConcurrentQueue<(string Path, JsonElement Body)> Requests { get; } = new();

    public IEnumerable<JsonElement> LogRecords => Items("/v1/logs", "resourceLogs", "scopeLogs", "logRecords");

    public IEnumerable<JsonElement> Metrics => Items("/v1/metrics", "resourceMetrics", "scopeMetrics", "metrics");

    /// <summary>Waits until it is so.</summary>
    public async Task UntilAsync(Func<OtlpReceiver, bool> isSo)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!isSo(this))
            await Task.Delay(20, patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _serving;
        _stop.Dispose();
    }

    private IEnumerable<JsonElement> Items(string path, string resources, string scopes, string items) => Requests
        .Where(request => request.Path == path)
        .SelectMany(request => request.Body.GetProperty(resources).EnumerateArray())
        .SelectMany(resource => resource.GetProperty(scopes).EnumerateArray())
        .SelectMany(scope => scope.GetProperty(items).EnumerateArray());

    private async Task ServeAsync()
    {
        var clients = new List<Task>();
        try
        {
            while (true)
                clients.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            await Task.WhenAll(clients);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using TcpClient mine = client;
        try
        {
            NetworkStream stream = mine.GetStream();
            while (await ReadAsync(stream) is { } request)
            {
                Requests.Enqueue(request);
                if (_answer is null)
                    await Task.Delay(Timeout.Infinite, _stop.Token);
                else
                    await stream.WriteAsync(Encoding.UTF8.GetBytes(_answer), _stop.Token);
            }
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            // The exporter has given up, or the test is over.
        }
    }

    private async Task<(string Path, JsonElement Body)?> ReadAsync(NetworkStream stream)
    {
        var head = new List<byte>();
        byte[] one = new byte[1];
        while (!Encoding.ASCII.GetString([.. head]).EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, _stop.Token) == 0)
                return null;
            head.Add(one[0]);
        }

        string[] lines = Encoding.ASCII.GetString([.. head]).Split("\r\n");
        Assert.Contains("Content-Type: application/json", lines);
        int length = int.Parse(lines.First(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))[15..]);
        byte[] body = new byte[length];
        await stream.ReadExactlyAsync(body, _stop.Token);
        return (lines[0].Split(' ')[1], JsonDocument.Parse(body).RootElement);
    }
}
