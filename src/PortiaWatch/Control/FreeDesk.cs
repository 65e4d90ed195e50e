using PortiaWatch.Daemon;
using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Enrichment;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Striking;
using Serilog;

namespace PortiaWatch.Control;

/// <summary>
/// Strikes for <c>portia free</c>, <c>run</c>, <c>top</c> and the page, so that one place strikes and one budget counts. The person has seen the holders and agreed at the client; only those very processes may be signalled,
/// and every protection is asked again here. A client that goes away takes its order with it.
/// </summary>
internal sealed class FreeDesk(Composition composition, WatchOptions options, WatchCounters counters, ILogger log)
{
    // Longer than anybody waits in front of a terminal.
    private static readonly TimeSpan LongestGrace = TimeSpan.FromMinutes(10);

    public async Task AnswerAsync(ControlRequest request, ControlConnection connection, CancellationToken cancellation)
    {
        if (request.Order is not { Holders: { } marks } order || !Endpoint.TryParse(order.Target, out Endpoint? target))
            await connection.WriteAsync(ControlError.Of(ControlError.NoRequest, "The request names no target or no holders."), ControlJson.Default.ControlError, cancellation);
        else if (order.Version != Build.Version || options.IsLite || connection.Peer.Pid == 0)
            await connection.WriteAsync(ControlError.Of(ControlError.Yourself, "This watcher is of another build, only looks on, or cannot see who asks."), ControlJson.Default.ControlError, cancellation);
        else
            await StrikeAsync(order, target, marks, connection, cancellation);
    }

    private async Task StrikeAsync(FreeOrder order, Endpoint target, IReadOnlyList<ProcessMark> marks, ControlConnection connection, CancellationToken cancellation)
    {
        var talk = new StrikeTalk(connection, TimeProvider.System);
        if (order.Beats && !await talk.IsStillWantedAsync(cancellation))
        {
            log.Information("free {Target}, asked for by pid {Pid}: the client did not wait, so nothing was done", target.ToTarget(), connection.Peer.Pid);
            await connection.WriteAsync(ControlError.Of(ControlError.Silent, "No word came in time, so nothing was done."), ControlJson.Default.ControlError, cancellation);
            return;
        }

        HashSet<ProcessIdentity> agreed = [.. marks.Select(mark => mark.ToIdentity())];
        Holding holding = composition.Lookup.Find(target, contenderPid: null);
        StrikeSettings settings = composition.Settings.Strike;
        var strike = new StrikeOrder
        {
            Endpoint = target,
            Targets = [.. holding.Holders.Where(holder => holder.Process is { } process && agreed.Contains(process.Identity))],
            Settings = settings with { Grace = GraceOf(order) ?? settings.Grace, Force = settings.Force || order.Force },
            Protect = composition.Settings.Protect,
            IsDryRun = order.DryRun,
            WithTree = order.Tree,
            IsByHand = order.ByHand ?? true,
        };

        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task gone = CancelWhenGoneAsync();
        Task<StrikeResult> striking = composition.Strike.RunAsync(strike, either.Token);
        StrikeResult result = order.Beats ? await talk.AwaitAsync(striking, either.Token) : await striking;
        counters.Count(result);
        log.Information("free {Target}, asked for by pid {Pid}: {Sentence}", target.ToTarget(), connection.Peer.Pid, result.Sentence);
        await connection.WriteAsync(FreeAnswer.Of(result), ControlJson.Default.FreeAnswer, cancellation);
        await either.CancelAsync();
        await gone;

        async Task CancelWhenGoneAsync()
        {
            try
            {
                await connection.GoneAsync(either.Token);
                await either.CancelAsync();
            }
            catch (OperationCanceledException)
            {
                // Still there when all was done.
            }
        }
    }

    private static TimeSpan? GraceOf(FreeOrder order) =>
        order.GraceMilliseconds is { } grace and >= 0 ? TimeSpan.FromMilliseconds(Math.Min(grace, LongestGrace.TotalMilliseconds)) : null;
}
