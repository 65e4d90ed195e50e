using System.Threading.Channels;
using PortiaWatch.Pipeline.Events;
using Serilog;

namespace PortiaWatch.Telemetry;

/// <summary>
/// Sends outcomes as log records and the numbers to a collector: soon after something happened, and the numbers once a minute besides. A collector that is away costs a bounded
/// buffer; what finds no room in it is counted. The flow never waits for any of this.
/// </summary>
internal sealed class OtlpExporter : IAsyncDisposable
{
    /// <summary>At most a kilobyte or two each.</summary>
    public const int MostWaiting = 512;

    private const string Otlp = "otlp";
    private const int MostAtOnce = 256;
    private static readonly TimeSpan Heartbeat = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    // What happens in one burst goes in one request.
    private static readonly TimeSpan Gathering = TimeSpan.FromSeconds(1);

    private readonly Channel<byte[]> _waiting = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly CancellationTokenSource _stop = new();
    private readonly OtlpCollector _collector;
    private readonly WatchMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Task _sending;
    private readonly List<byte[]> _batch = [];
    private bool _isDown;

    public OtlpExporter(Uri address, WatchMetrics metrics, TimeProvider time, ILogger log)
    {
        _collector = new OtlpCollector(address);
        _metrics = metrics;
        _time = time;
        _log = log;
        _sending = RunAsync();
    }

    public void Tell(Outcome outcome)
    {
        if (!_waiting.Writer.TryWrite(OtlpJson.LogRecord(outcome)))
            _metrics.Untold.Add(Otlp);
    }

    /// <summary>What still waits is offered once more, for a moment.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _stop.CancelAsync();
        await _sending;
        using (var limit = new CancellationTokenSource(LastWords, _time))
            await SendAsync(limit.Token);
        _collector.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        TimeSpan pause = Gathering;
        try
        {
            while (true)
            {
                if (_batch.Count == 0)
                    await FirstOrHeartbeatAsync();
                await Task.Delay(pause, _time, _stop.Token);
                bool isUp = await SendAsync(_stop.Token);
                pause = isUp ? Gathering : TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
                Note(isUp);
            }
        }
        catch (OperationCanceledException)
        {
            // The watcher ends.
        }
    }

    private async Task FirstOrHeartbeatAsync()
    {
        using var heartbeat = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        Task<bool> first = _waiting.Reader.WaitToReadAsync(heartbeat.Token).AsTask();
        await Task.WhenAny(first, Task.Delay(Heartbeat, _time, heartbeat.Token));
        await heartbeat.CancelAsync();
        _stop.Token.ThrowIfCancellationRequested();
    }

    /// <summary>False when the collector has to be tried again.</summary>
    private async Task<bool> SendAsync(CancellationToken cancellation)
    {
        try
        {
            while (_batch.Count < MostAtOnce && _waiting.Reader.TryRead(out byte[]? record))
                _batch.Add(record);
            if (_batch.Count > 0)
            {
                OtlpDelivery delivery = await _collector.SendAsync("logs", OtlpJson.Logs(_batch), cancellation);
                if (delivery == OtlpDelivery.Later)
                    return false;
                if (delivery == OtlpDelivery.Refused)
                    _metrics.Untold.Add(Otlp, _batch.Count);
                _batch.Clear();
            }

            // Sums since the start: what does not arrive now is in the next ones.
            byte[] numbers = OtlpJson.Metrics(_metrics.Read(), _metrics.StartedAt, _time.GetUtcNow());
            return await _collector.SendAsync("metrics", numbers, cancellation) != OtlpDelivery.Later;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void Note(bool isUp)
    {
        if (isUp == !_isDown)
            return;
        _isDown = !isUp;
        if (_isDown)
            _log.Warning("the collector does not take what it is sent; up to {Most} outcomes wait for it", MostWaiting);
        else
            _log.Information("the collector takes what it is sent again");
    }
}
