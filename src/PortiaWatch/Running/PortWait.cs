using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Enrichment;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Running;

/// <summary>
/// Waits until a port is free. Sleeps until a holder ends; looks again now and then, because a holder may close its socket and live on.
/// </summary>
internal sealed class PortWait(HolderLookup lookup, ISocketTable sockets, IStriker striker, TimeProvider time)
{
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(5);

    // Where nobody's end can be awaited (another user's process that cannot be named, TIME_WAIT), and for the moment in which the kernel closes the
    // sockets of the dead.
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    public async Task UntilFreeAsync(Endpoint endpoint, CancellationToken cancellation)
    {
        TimeSpan pause = ShortestPause;
        while (true)
        {
            Holding holding = lookup.Find(endpoint, contenderPid: null);
            if (holding.State == PortState.Free || (holding.State == PortState.TimeWait && sockets.CanBind(endpoint) == true))
                return;
            if (await AnyEndsAsync(holding.Holders, cancellation))
            {
                pause = ShortestPause;
                continue;
            }

            await Task.Delay(pause, time, cancellation);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    // False when there was nobody to wait for.
    private async Task<bool> AnyEndsAsync(IReadOnlyList<Holder> holders, CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var waits = new List<Task>();
        foreach (ProcessIdentity holder in holders.Select(holder => holder.Process?.Identity).OfType<ProcessIdentity>().Distinct())
            waits.Add(AwaitAsync(holder, either.Token));
        if (waits.TrueForAll(wait => wait.IsCompleted))
            return false;
        await Task.WhenAny(waits.Where(wait => !wait.IsCompleted));
        cancellation.ThrowIfCancellationRequested();
        await either.CancelAsync();
        return true;
    }

    // Never throws: whoever waits looks at the port again anyway.
    private async Task AwaitAsync(ProcessIdentity holder, CancellationToken cancellation)
    {
        try
        {
            using var pinned = striker.Open(holder);
            if (pinned is not null)
                await striker.WaitForExitAsync(pinned, LongestSleep, cancellation);
        }
        catch (OperationCanceledException)
        {
            // Another one ended first, or the wait was given up.
        }
    }
}
