using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Serilog;

namespace PortiaWatch.Telemetry;

/// <summary>
/// Serves <c>/metrics</c> on a loopback address: a handful of connections at a time, one request each, heads capped in size and time. Waits in <c>accept</c>, without a timer,
/// while nobody asks.
/// </summary>
internal sealed class MetricsListener : IAsyncDisposable
{
    private const int MostConnections = 8;
    private const int LongestHead = 8 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    private readonly TcpListener _listener;
    private readonly Func<string> _metrics;
    private readonly string[] _hosts;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _free = new(MostConnections);
    private Task _accepting = Task.CompletedTask;

    private MetricsListener(TcpListener listener, Func<string> metrics, ILogger log)
    {
        var address = (IPEndPoint)listener.LocalEndpoint;
        _listener = listener;
        _metrics = metrics;
        _hosts = [address.ToString(), string.Create(CultureInfo.InvariantCulture, $"localhost:{address.Port}")];
        _log = log;
    }

    /// <summary>Null, with a warning, when the address cannot be had: watching matters more.</summary>
    /// <param name="address">Loopback.</param>
    /// <param name="metrics">The whole text, made anew for each request.</param>
    /// <param name="log">For what fails.</param>
    public static MetricsListener? TryStart(IPEndPoint address, Func<string> metrics, ILogger log)
    {
        var tcp = new TcpListener(address);
        try
        {
            tcp.Start();
        }
        catch (SocketException error)
        {
            tcp.Dispose();
            log.Warning("no numbers for Prometheus on {Address}: {Reason}; see who has it with: portia who {Address}", address, error.Message, address);
            return null;
        }

        var listener = new MetricsListener(tcp, metrics, log);
        listener._accepting = listener.AcceptAsync();
        return listener;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        for (int slot = 0; slot < MostConnections; slot++)
            await _free.WaitAsync();
        _listener.Dispose();
        _free.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await _free.WaitAsync(_stop.Token);
                Socket client;
                try
                {
                    client = await _listener.AcceptSocketAsync(_stop.Token);
                }
                catch
                {
                    _free.Release();
                    throw;
                }

                _ = ServeAndCloseAsync(client);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException error)
            {
                // Out of descriptors, most likely.
                _log.Warning("numbers for Prometheus: {Reason}", error.Message);
                await Task.Delay(PauseAfterFailure, TimeProvider.System, CancellationToken.None);
            }
        }
    }

    private async Task ServeAndCloseAsync(Socket client)
    {
        try
        {
            using Socket mine = client;
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            patience.CancelAfter(Patience);
            await ServeAsync(mine, patience.Token);
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException)
        {
            // Gone, or too slow, or we are.
        }
        finally
        {
            _free.Release();
        }
    }

    private async Task ServeAsync(Socket client, CancellationToken cancellation)
    {
        byte[] head = new byte[LongestHead];
        int length = 0;
        bool isWhole = false;
        while (!isWhole && length < head.Length)
        {
            int got = await client.ReceiveAsync(head.AsMemory(length), SocketFlags.None, cancellation);
            if (got == 0)
                return;
            length += got;
            isWhole = head.AsSpan(0, length).EndsWith("\r\n\r\n"u8);
        }

        int status = isWhole ? ScrapeRequest.Judge(head.AsSpan(0, length), _hosts) : 431;
        byte[] answer = Encoding.UTF8.GetBytes(Answer(status, status == 200 ? _metrics() : ""));
        for (int sent = 0; sent < answer.Length;)
            sent += await client.SendAsync(answer.AsMemory(sent), SocketFlags.None, cancellation);
        client.Shutdown(SocketShutdown.Send);
    }

    private static string Answer(int status, string body)
    {
        string reason = status switch
        {
            200 => "OK",
            404 => "Not Found",
            405 => "Method Not Allowed",
            421 => "Misdirected Request",
            431 => "Request Header Fields Too Large",
            _ => "Bad Request",
        };
        return string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 {status} {reason}\r\nContent-Type: {PrometheusText.ContentType}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n"
            + $"Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n{body}");
    }
}
