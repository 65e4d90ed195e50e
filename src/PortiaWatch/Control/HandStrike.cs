using PortiaWatch.Pipeline.Striking;

namespace PortiaWatch.Control;

/// <summary>Strikes that a person ordered: by the watcher where one runs, so that one place strikes and one budget counts, else here.</summary>
/// <param name="composition">Strikes where no watcher does.</param>
/// <param name="isOwnConfiguration">The user named a configuration: a watcher has other rules in force and is not asked.</param>
internal sealed class HandStrike(Composition composition, bool isOwnConfiguration)
{
    public async Task<StrikeResult> RunAsync(StrikeOrder order, CancellationToken cancellation)
    {
        // What is protected here is refused here, whatever the watcher's rules say. The watcher looks into its own network only.
        bool mayHandOver = order.ForeignNetwork is null && !isOwnConfiguration && !order.Targets.Any(holder => holder.IsProtected);
        StrikeResult? byWatcher = mayHandOver ? await FreeClient.TryAsync(composition.Platform, order, cancellation) : null;
        return byWatcher ?? await composition.Strike.RunAsync(order, cancellation);
    }
}
