using System.Text;
using System.Threading.Channels;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Sources;

namespace PortiaWatch.Pipeline.Tests.Support;

/// <summary>Runs one source in the background and lets a test wait for what it delivers and says, in real time but without pauses.</summary>
internal sealed class SourceReading : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly List<LogRecord> _records = [];
    private readonly Task _running;

    public SourceReading(ILogSource source)
    {
        Report = new SourceReport(source.Name, _ => _news.Writer.TryWrite(true));
        _running = Task.Run(() => RunAsync(source));
    }

    public SourceReport Report { get; }

    public IReadOnlyList<LogRecord> Records
    {
        get
        {
            lock (_lock)
                return [.. _records];
        }
    }

    public string Text => string.Concat(Records.Select(record => Encoding.UTF8.GetString(record.Text.Span)));

    public async Task UntilAsync(Func<SourceReading, bool> isSo, string what)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!isSo(this))
        {
            try
            {
                if (_running.IsCompleted)
                    await _running;
                if (!await _news.Reader.WaitToReadAsync(limit.Token))
                    throw new InvalidOperationException("The source ended.");
                _news.Reader.TryRead(out _);
            }
            catch (OperationCanceledException) when (limit.IsCancellationRequested)
            {
                throw new TimeoutException($"Waited in vain until {what}. State {Report.State} ({Report.Note}), text so far: {Text}");
            }
        }
    }

    public Task UntilTextAsync(string text) => UntilAsync(reading => reading.Text.Contains(text, StringComparison.Ordinal), $"there is \"{text}\"");

    public Task UntilStateAsync(SourceState state) => UntilAsync(reading => reading.Report.State == state, $"the state is {state}");

    /// <summary>Until the source has looked around once.</summary>
    public Task UntilStartedAsync() => UntilAsync(reading => reading.Report.State != SourceState.Starting, "it has started");

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(Limit);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task RunAsync(ILogSource source)
    {
        try
        {
            await foreach (var record in source.ReadAsync(Report, _stop.Token))
            {
                lock (_lock)
                    _records.Add(record);
                _news.Writer.TryWrite(true);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
        finally
        {
            _news.Writer.TryWrite(true);
        }
    }
}
