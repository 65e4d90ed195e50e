using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using Polly;
using Polly.Retry;
using PortiaWatch.Pipeline.Events;
using Serilog;

namespace PortiaWatch.Pipeline.Sources;

/// <summary>
/// Keeps sources running: a source that fails or ends is started again with growing, jittered pauses; one that cannot work is reported once and left alone. Every change of
/// state is logged as one plain sentence. One supervisor serves all sources; thread-safe.
/// </summary>
public sealed class SourceSupervisor(ILogger log, TimeProvider time)
{
    public static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);

    /// <summary>A run of this length counts as healthy: the failure after it begins with the first pause again.</summary>
    public static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private SourceReport[] _reports = [];

    /// <summary>Hears of every change of a source's state, after it was logged; must not block.</summary>
    public Action<SourceReport> OnChanged { get; init; } = static _ => { };

    /// <summary>One report for each source ever run, in the order of starting. A snapshot of the list; the reports go on changing.</summary>
    public IReadOnlyList<SourceReport> Reports
    {
        get
        {
            lock (_lock)
                return _reports;
        }
    }

    /// <summary>
    /// Runs the source until it ends for good, proves unavailable, <paramref name="writer"/> is completed or <paramref name="cancellation"/> is asked for, and then returns
    /// normally; the state in its report says which. Does not complete the writer: other sources share it.
    /// </summary>
    public async Task RunAsync(ILogSource source, ChannelWriter<LogRecord> writer, CancellationToken cancellation)
    {
        var report = new SourceReport(source.Name, changed =>
        {
            Tell(changed);
            OnChanged(changed);
        });
        lock (_lock)
            _reports = [.. _reports, report];

        try
        {
            await KeepRunningAsync(source, report, writer, cancellation);
            report.Set(SourceState.Ended);
        }
        catch (SourceUnavailableException exception) when (!cancellation.IsCancellationRequested)
        {
            report.SetUnavailable(exception);
        }
        catch (Exception exception) when (exception is ChannelClosedException || cancellation.IsCancellationRequested)
        {
            report.Set(SourceState.Ended);
        }
    }

    private async Task KeepRunningAsync(ILogSource source, SourceReport report, ChannelWriter<LogRecord> writer, CancellationToken cancellation)
    {
        var pauses = Pauses(report);
        Exception? afterHealthyRun = null;
        do
        {
            // Polly counts attempts within one call. A healthy run leaves the call, and its failure is the first one of the next, so the pauses begin anew.
            var previous = afterHealthyRun;
            afterHealthyRun = await pauses.ExecuteAsync<Exception?>(
                async token =>
                {
                    if (Interlocked.Exchange(ref previous, null) is { } failure)
                        ExceptionDispatchInfo.Throw(failure);
                    return await RunOnceAsync(source, report, writer, token);
                },
                cancellation);
        }
        while (afterHealthyRun is not null);
    }

    /// <summary>Null when the source ended for good; the failure when it came after a healthy run; otherwise failures are thrown.</summary>
    private async Task<Exception?> RunOnceAsync(ILogSource source, SourceReport report, ChannelWriter<LogRecord> writer, CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        try
        {
            await PumpAsync(source, report, writer, cancellation);
            return source.EndsForGood ? null : throw new EndOfStreamException("it ended by itself");
        }
        catch (Exception exception) when (IsWorthAnotherTry(exception, cancellation) && time.GetElapsedTime(start) >= SettleTime)
        {
            return exception;
        }
    }

    private static async Task PumpAsync(ILogSource source, SourceReport report, ChannelWriter<LogRecord> writer, CancellationToken cancellation)
    {
        await foreach (var record in source.ReadAsync(report, cancellation))
        {
            if (report.State is SourceState.Starting or SourceState.Restarting)
                report.Set(SourceState.Running);
            if (source.CanWait)
                await writer.WriteAsync(record, cancellation);
            else if (!writer.TryWrite(record))
            {
                report.CountDropped(1);
                continue;
            }

            report.CountRecord();
        }
    }

    private ResiliencePipeline Pauses(SourceReport report) => new ResiliencePipelineBuilder { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = int.MaxValue,
            BackoffType = DelayBackoffType.Exponential,
            Delay = FirstPause,
            MaxDelay = LongestPause,
            UseJitter = true,
            ShouldHandle = args => ValueTask.FromResult(args.Outcome.Exception is { } exception && IsWorthAnotherTry(exception, args.Context.CancellationToken)),
            OnRetry = args =>
            {
                report.CountRestart();
                var reason = PlainText.Clean(args.Outcome.Exception?.Message ?? "", maxChars: 300).TrimEnd('.');
                report.Set(SourceState.Restarting, $"{reason}; next try in {args.RetryDelay.TotalSeconds:0.0} s");
                return default;
            },
        })
        .Build();

    private static bool IsWorthAnotherTry(Exception exception, CancellationToken cancellation) =>
        exception is not (SourceUnavailableException or ChannelClosedException) && !cancellation.IsCancellationRequested;

    private void Tell(SourceReport report)
    {
        var (name, note) = (report.Name, report.Note);
        switch (report.State)
        {
            case SourceState.Running when note is null:
                log.Information("Source {Source} is running", name);
                break;
            case SourceState.Running:
                log.Information("Source {Source} is running and {Note}", name, note);
                break;
            case SourceState.Waiting:
                log.Information("Source {Source} {Note}", name, note);
                break;
            case SourceState.Limited:
                log.Warning("Source {Source} sees less than it should: {Note}", name, note);
                break;
            case SourceState.Restarting:
                log.Warning("Source {Source} failed: {Note}", name, note);
                break;
            case SourceState.Unavailable:
                log.Warning("Source {Source} is not available: {Note}", name, note);
                break;
            case SourceState.Ended:
                log.Information("Source {Source} has ended", name);
                break;
        }
    }
}
