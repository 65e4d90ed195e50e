using System.Threading.Channels;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Top;

/// <summary>
/// Reads the socket table while the view is open: two seconds apart, and further where reading is dear, so that it never takes more than a small part of a processor. Who holds
/// what is looked up only when something has changed.
/// </summary>
/// <param name="composition">The parts to look with.</param>
/// <param name="tell">Gets the rows when they have changed; null when they have not, because ages have.</param>
internal sealed class SocketFeed(Composition composition, Func<IReadOnlyList<PortRow>?, CancellationToken, ValueTask> tell)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    // Half a percent of one processor.
    private const int RestPerWork = 200;

    private readonly Channel<bool> _nudges = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Reads soon: something is known to have changed.</summary>
    public void Nudge() => _nudges.Writer.TryWrite(true);

    public async Task RunAsync(CancellationToken cancellation)
    {
        // The screen stands before the first reading is done.
        await Task.Yield();
        HashSet<(Endpoint, ProcessIdentity?, ulong)>? before = null;
        while (true)
        {
            TimeSpan start = Environment.CpuUsage.TotalTime;
            HashSet<(Endpoint, ProcessIdentity?, ulong)> now =
                [.. composition.Platform.Sockets.Listeners().Where(owner => owner.Endpoint.Port is not null).Select(owner => (owner.Endpoint, owner.Process, owner.Socket))];
            bool isSame = before is not null && before.SetEquals(now);
            before = now;
            await tell(isSame ? null : PortRow.From(composition.Lookup.All()), cancellation);
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
