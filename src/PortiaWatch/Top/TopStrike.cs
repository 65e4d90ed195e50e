using PortiaWatch.Control;
using PortiaWatch.Pipeline.Enrichment;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Striking;

namespace PortiaWatch.Top;

/// <summary>A strike by hand, as <c>portia free</c> makes it: the holders are looked up and shown, and those very processes are struck, by the watcher where one runs.</summary>
internal sealed class TopStrike(Composition composition, bool isOwnConfiguration)
{
    public Holding LookUp(Endpoint endpoint) => composition.Lookup.Find(endpoint, contenderPid: null);

    /// <summary>After the question was answered with yes.</summary>
    public async Task<StrikeResult> RunAsync(StrikeQuestion question, CancellationToken cancellation)
    {
        IReadOnlyList<Holder> targets = question.Holding.Holders;
        var order = new StrikeOrder
        {
            Endpoint = question.Endpoint,
            Targets = targets,
            Settings = composition.Settings.Strike,
            Protect = composition.Settings.Protect,
            IsByHand = true,
        };

        // As in FreeVerb: a watcher has rules of its own, and what is protected here is refused here.
        bool mayHandOver = !isOwnConfiguration && !targets.Any(holder => holder.IsProtected);
        StrikeResult? byWatcher = mayHandOver ? await FreeClient.TryAsync(composition.Platform, order, cancellation) : null;
        return byWatcher ?? await composition.Strike.RunAsync(order, cancellation);
    }
}
