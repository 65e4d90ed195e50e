using System.Runtime.CompilerServices;
using System.Threading.Channels;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Sources;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Pipeline.Tests.Sources;

public sealed class SourceSupervisorTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly ManualTimeProvider _time = new();
    private readonly CollectingLog _log = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<LogRecord> _channel = Channel.CreateBounded<LogRecord>(4);

    public void Dispose() => _stop.Dispose();

    [Fact]
    public async Task RunAsync_SourceThatEndsForGood_EndsOnceWithAllRecords()
    {
        var source = new ScriptedSource((_, _, _) => Records(3)) { EndsForGood = true };
        var supervisor = Supervisor();

        await supervisor.RunAsync(source, _channel.Writer, _stop.Token).WaitAsync(Limit);

        var report = Assert.Single(supervisor.Reports);
        Assert.Equal((SourceState.Ended, 3L, 0), (report.State, report.Records, report.Restarts));
        Assert.Equal(3, _channel.Reader.Count);
        Assert.Equal(["Information: Source scripted is running", "Information: Source scripted has ended"], _log.Lines);
    }

    [Fact]
    public async Task RunAsync_SourceThatFailsAndEnds_IsStartedAgainWithGrowingPausesUpToTheCap()
    {
        var source = new ScriptedSource((run, _, _) => run % 2 == 0 ? Records(0) : Failing(new IOException("the pipe\x1b[31m broke.")));
        var supervisor = Supervisor();
        var running = supervisor.RunAsync(source, _channel.Writer, _stop.Token);

        List<TimeSpan> pauses = [];
        for (var i = 0; i < 3_000; i++)
            pauses.Add(await _time.AdvanceToNextTimerAsync());

        Assert.All(pauses, p => Assert.InRange(p, TimeSpan.Zero, SourceSupervisor.LongestPause));
        Assert.True(pauses[0] < TimeSpan.FromSeconds(3), $"first pause {pauses[0]}");
        Assert.True(pauses[20..].Min() > TimeSpan.FromSeconds(20), $"late pauses begin at {pauses[20..].Min()}");
        await _time.NextTimerAsync();
        var report = Assert.Single(supervisor.Reports);
        Assert.Equal(SourceState.Restarting, report.State);
        Assert.Equal(3_001, report.Restarts);
        Assert.StartsWith("Warning: Source scripted failed: the pipe broke; next try in ", _log.Lines[0], StringComparison.Ordinal);
        Assert.StartsWith("Warning: Source scripted failed: it ended by itself; next try in ", _log.Lines[1], StringComparison.Ordinal);

        await StopAsync(running);
        Assert.Equal(SourceState.Ended, report.State);
    }

    [Fact]
    public async Task RunAsync_FailureAfterAHealthyRun_BeginsWithTheFirstPauseAgain()
    {
        var source = new ScriptedSource((run, report, cancellation) => run == 15 ? FailingLater(report, cancellation) : Failing(new IOException("broke")));
        var supervisor = Supervisor();
        var running = supervisor.RunAsync(source, _channel.Writer, _stop.Token);
        for (var i = 0; i < 14; i++)
            await _time.AdvanceToNextTimerAsync();

        Assert.Equal(SourceSupervisor.SettleTime, await _time.AdvanceToNextTimerAsync());

        Assert.InRange(await _time.NextTimerAsync(), TimeSpan.Zero, TimeSpan.FromSeconds(3));
        Assert.Equal(15, source.Runs);
        Assert.Equal(15, supervisor.Reports[0].Restarts);
        await StopAsync(running);
    }

    [Fact]
    public async Task RunAsync_UnavailableSource_IsReportedOnceAndNotTriedAgain()
    {
        var source = new ScriptedSource((_, _, _) => Failing(new SourceUnavailableException("journalctl is not installed.")));
        var supervisor = Supervisor();

        await supervisor.RunAsync(source, _channel.Writer, _stop.Token).WaitAsync(Limit);

        Assert.Equal(1, source.Runs);
        Assert.Equal((SourceState.Unavailable, "journalctl is not installed."), (supervisor.Reports[0].State, supervisor.Reports[0].Note));
        Assert.Equal(["Warning: Source scripted is not available: journalctl is not installed."], _log.Lines);
    }

    [Fact]
    public async Task RunAsync_SourceThatCanWait_WaitsForRoom()
    {
        var source = new ScriptedSource((_, _, _) => Records(10)) { EndsForGood = true };
        var supervisor = Supervisor();
        var running = supervisor.RunAsync(source, _channel.Writer, _stop.Token);

        var taken = 0;
        while (taken < 10)
        {
            await _channel.Reader.ReadAsync().AsTask().WaitAsync(Limit);
            taken++;
        }

        await running.WaitAsync(Limit);
        Assert.Equal((10L, 0L), (supervisor.Reports[0].Records, supervisor.Reports[0].Dropped));
    }

    [Fact]
    public async Task RunAsync_SourceThatCannotWait_CountsWhatFoundNoRoom()
    {
        var source = new ScriptedSource((_, _, _) => Records(10)) { EndsForGood = true, CanWait = false };
        var supervisor = Supervisor();

        await supervisor.RunAsync(source, _channel.Writer, _stop.Token).WaitAsync(Limit);

        Assert.Equal((4L, 6L), (supervisor.Reports[0].Records, supervisor.Reports[0].Dropped));
    }

    [Fact]
    public async Task RunAsync_WriterCompleted_EndsQuietly()
    {
        _channel.Writer.Complete();
        var supervisor = Supervisor();

        await supervisor.RunAsync(new ScriptedSource((_, _, _) => Records(1)), _channel.Writer, _stop.Token).WaitAsync(Limit);

        Assert.Equal(SourceState.Ended, supervisor.Reports[0].State);
    }

    [Fact]
    public async Task RunAsync_SourceThatBreaksWhileStopped_HasEnded()
    {
        var source = new ScriptedSource((_, _, cancellation) => BreakingWhenStopped(cancellation));
        var supervisor = Supervisor();
        var running = supervisor.RunAsync(source, _channel.Writer, _stop.Token);

        await StopAsync(running);

        Assert.Equal(SourceState.Ended, supervisor.Reports[0].State);
    }

    private static async IAsyncEnumerable<LogRecord> BreakingWhenStopped([EnumeratorCancellation] CancellationToken cancellation)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancellation.Register(stopped.SetResult);
        await stopped.Task;
        if (cancellation.IsCancellationRequested)
            throw new IOException("the pipe broke");
        yield break;
    }

    private SourceSupervisor Supervisor() => new(_log.Logger, _time);

    private async Task StopAsync(Task running)
    {
        await _stop.CancelAsync();
        await running.WaitAsync(Limit);
    }

    private static async IAsyncEnumerable<LogRecord> Records(int count)
    {
        for (var i = 0; i < count; i++)
            yield return Some.Record($"line {i}\n");
        await Task.CompletedTask;
    }

    private static IAsyncEnumerable<LogRecord> Failing(Exception exception) => Records(0).Concat(Throw(exception));

    private async IAsyncEnumerable<LogRecord> FailingLater(SourceReport report, [EnumeratorCancellation] CancellationToken cancellation)
    {
        report.Set(SourceState.Running);
        await Task.Delay(SourceSupervisor.SettleTime, _time, cancellation);
        yield return Some.Record();
        throw new IOException("broke after a while");
    }

    private static async IAsyncEnumerable<LogRecord> Throw(Exception exception)
    {
        await Task.CompletedTask;
        if (exception.Message.Length >= 0)
            throw exception;
        yield break;
    }
}
