using System.Threading.Channels;

namespace PortiaWatch.Top;

/// <summary>
/// Reads the socket table while the view is open: two seconds apart, and further where reading is dear, so that it never takes more than a small part of a processor.
/// </summary>
/// <param name="board">Reads them.</param>
/// <param name="tell">Gets the rows when they have changed; null when they have not, because ages have.</param>
internal sealed class SocketFeed(PortBoard board, Func<IReadOnlyList<PortRow>?, CancellationToken, ValueTask> tell)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    // 0.4 percent of one processor.
    private const int RestPerWork = 250;

    private readonly Channel<bool> _nudges = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Reads soon: something is known to have changed.</summary>
    public void Nudge() => _nudges.Writer.TryWrite(true);

    public async Task RunAsync(CancellationToken cancellation)
    {
        // The screen stands before the first reading is done.
        await Task.Yield();
        while (true)
        {
            TimeSpan start = Environment.CpuUsage.TotalTime;
            await tell(board.Read(), cancellation);
            await RestAsync((Environment.CpuUsage.TotalTime - start) * RestPerWork, cancellation);
        }
    }

    private async Task RestAsync(TimeSpan wanted, CancellationToken cancellation)
    {
        TimeSpan rest = wanted < Shortest ? Shortest : wanted > Longest ? Longest : wanted;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(rest);
        try
        {
            await _nudges.Reader.ReadAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // Rested.
        }
    }
}
