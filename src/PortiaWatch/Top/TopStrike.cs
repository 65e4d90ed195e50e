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
    public Task<StrikeResult> RunAsync(StrikeQuestion question, CancellationToken cancellation) => new HandStrike(composition, isOwnConfiguration).RunAsync(
        new StrikeOrder
        {
            Endpoint = question.Endpoint,
            Targets = question.Holding.Holders,
            Settings = composition.Settings.Strike,
            Protect = composition.Settings.Protect,
            IsByHand = true,
        },
        cancellation);
}
