using System.Runtime.CompilerServices;
using System.Threading.Channels;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Sources;

/// <summary>
/// What programs tell of themselves: the runtime hook inside a refused program reports the endpoint over the control socket, and the kernel says who it was. One instance
/// lives as long as the watcher; thread-safe.
/// </summary>
public sealed class HookSource(IProcessTable processes, TimeProvider time) : ILogSource
{
    // A program whose every worker is refused reports a handful; the flow takes them faster than programs can start.
    private const int MostWaiting = 256;

    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private readonly Channel<LogRecord> _reports = Channel.CreateBounded<LogRecord>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private SourceReport? _health;
    private long _number;

    public string Name => "hook";

    public bool CanWait => true;

    public bool EndsForGood => false;

    /// <summary>
    /// What a peer reports, with all that will be gone with it. A peer of which nothing can be read any more is believed no further than text: it is then not even known in which
    /// network it was refused.
    /// </summary>
    public LogRecord Describe(PeerCredentials peer, Endpoint refused, SightingKind kind)
    {
        DateTimeOffset now = time.GetUtcNow();
        ProcessFacts? facts = peer.Process is { } process && processes.Describe(process.Pid) is { } seen && seen.Identity.Generation == process.Generation ? seen : null;
        return new LogRecord
        {
            Text = ReadOnlyMemory<byte>.Empty,
            Source = Name,
            Trust = facts is null ? Trust.Text : Trust.Child,
            Time = now,
            ReadAt = now,
            Number = Interlocked.Increment(ref _number),
            Sender = new Sender(peer.Pid)
            {
                Uid = peer.Uid,
                Name = facts?.Name,
                Facts = facts,
                IsGone = facts is null,
                Elsewhere = peer.Pid == 0 ? "a process of another pid namespace" : null,
                ForeignNetwork = peer.ForeignNetwork,
            },
            Reported = refused,
            ReportedKind = kind,
        };
    }

    /// <summary>Hands it to the flow. Where there is no room for <see cref="LongestWait"/>, it is lost and counted.</summary>
    public async Task DeliverAsync(LogRecord report, CancellationToken cancellation)
    {
        if (_reports.Writer.TryWrite(report))
            return;
        using var limit = new CancellationTokenSource(LongestWait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            await _reports.Writer.WriteAsync(report, either.Token);
        }
        catch (OperationCanceledException)
        {
            Volatile.Read(ref _health)?.CountDropped(1);
        }
    }

    public async IAsyncEnumerable<LogRecord> ReadAsync(SourceReport report, [EnumeratorCancellation] CancellationToken cancellation)
    {
        Volatile.Write(ref _health, report);
        report.Set(SourceState.Running);
        await foreach (LogRecord record in _reports.Reader.ReadAllAsync(cancellation))
            yield return record;
    }
}
