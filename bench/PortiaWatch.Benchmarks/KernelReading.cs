using System.Diagnostics;
using System.Runtime.Versioning;
using System.Threading.Channels;
using PortiaWatch.Linux;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Sources;

namespace PortiaWatch.Benchmarks;

/// <summary>The platform's kernel source, running, with the moment of arrival of each record.</summary>
[SupportedOSPlatform("linux")]
internal sealed class KernelReading : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Channel<(LogRecord Record, long Arrived)> _records = Channel.CreateBounded<(LogRecord, long)>(1 << 20);
    private readonly TaskCompletionSource _running = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _reading;

    private KernelReading()
    {
        Report = new SourceReport("kernel", report =>
        {
            if (report.State is SourceState.Running or SourceState.Limited)
                _running.TrySetResult();
        });
        _reading = ReadAsync();
    }

    public SourceReport Report { get; }

    public static async Task<KernelReading> StartAsync()
    {
        KernelReading reading = new();
        await await Task.WhenAny(reading._running.Task, reading._reading);
        return reading;
    }

    /// <summary>Everything of one port up to and with its n-th record.</summary>
    public async Task<List<(LogRecord Record, long Arrived)>> TakeAsync(int port, int count)
    {
        List<(LogRecord, long)> taken = [];
        while (taken.Count + Report.Dropped < count)
        {
            (LogRecord Record, long Arrived) next = await _records.Reader.ReadAsync(_stopping.Token);
            if (next.Record.Reported?.Port == port && next.Record.ReportedKind == SightingKind.Collision)
                taken.Add(next);
        }

        return taken;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _reading;
        _stopping.Dispose();
    }

    private async Task ReadAsync()
    {
        ILogSource source = LinuxPlatform.Create(Path.GetTempPath()).Sources.First(candidate => candidate.Name == "kernel");
        try
        {
            await foreach (LogRecord record in source.ReadAsync(Report, _stopping.Token))
                await _records.Writer.WriteAsync((record, Stopwatch.GetTimestamp()));
        }
        catch (OperationCanceledException)
        {
        }
    }
}
