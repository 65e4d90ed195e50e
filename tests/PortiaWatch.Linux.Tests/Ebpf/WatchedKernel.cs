using System.Threading.Channels;
using PortiaWatch.Linux.Ebpf;
using PortiaWatch.Linux.Processes;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Sources;

namespace PortiaWatch.Linux.Tests.Ebpf;

/// <summary>A running kernel source whose records are kept until a test asks for them. Other programs of the machine are seen too, so a test asks for its own.</summary>
internal sealed class WatchedKernel : IAsyncDisposable
{
    private static readonly TimeSpan s_guard = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Channel<LogRecord> _records = Channel.CreateBounded<LogRecord>(1 << 20);
    private readonly TaskCompletionSource _running = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _reading;

    private WatchedKernel(IProcessTable? processes)
    {
        KernelSource source = new(processes ?? new ProcessTable(TimeProvider.System), TimeProvider.System);
        Report = new SourceReport(source.Name, report =>
        {
            if (report.State is SourceState.Running or SourceState.Limited)
                _running.TrySetResult();
        });
        _reading = ReadAsync(source);
    }

    public SourceReport Report { get; }

    public static async Task<WatchedKernel> StartAsync(IProcessTable? processes = null)
    {
        LiveKernel.Require();
        WatchedKernel watched = new(processes);
        await (await Task.WhenAny(watched._running.Task, watched._reading)).WaitAsync(s_guard);
        return watched;
    }

    /// <summary>The next record that is wanted; those before it are dropped.</summary>
    public async Task<LogRecord> NextAsync(Func<LogRecord, bool> wanted)
    {
        using CancellationTokenSource guard = new(s_guard);
        while (true)
        {
            LogRecord record = await _records.Reader.ReadAsync(guard.Token);
            if (wanted(record))
                return record;
        }
    }

    public Task<LogRecord> NextOfAsync(int pid) => NextAsync(record => record.Sender?.Pid == pid);

    /// <summary>Every wanted record up to and with the one that <paramref name="last"/> marks.</summary>
    public async Task<List<LogRecord>> AllUntilAsync(Func<LogRecord, bool> wanted, Func<LogRecord, bool> last)
    {
        List<LogRecord> all = [];
        LogRecord record;
        do
        {
            record = await NextAsync(candidate => wanted(candidate) || last(candidate));
            if (wanted(record))
                all.Add(record);
        }
        while (!last(record));
        return all;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _reading.WaitAsync(s_guard);
        _stopping.Dispose();
    }

    private async Task ReadAsync(KernelSource source)
    {
        try
        {
            await foreach (LogRecord record in source.ReadAsync(Report, _stopping.Token))
                await _records.Writer.WriteAsync(record, _stopping.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
        }
    }
}
