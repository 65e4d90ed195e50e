using PortiaWatch.Pipeline.Enrichment;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Rendering;

namespace PortiaWatch.Top;

/// <summary>"Strike these?" The very processes that it names are struck or nobody: their identities go with it.</summary>
internal sealed record StrikeQuestion(Endpoint Endpoint, Holding Holding)
{
    /// <summary>When it stood on the screen, by the stopwatch; keys from before are no answer to it. Null before.</summary>
    public long? ShownAt { get; set; }

    public string Who { get; } = string.Join(", ", Holding.Holders
        .Select(holder => holder.Process is { } process ? $"{Words.Name(process.Name)} (pid {process.Identity.Pid})" : "another user's process").Distinct());

    public string Text => $"Strike {Who} on {PlainText.Clean(Endpoint.ToString(), 80)}? [y/N]";

    /// <summary>False when none of those that were on the screen holds the port any more.</summary>
    public bool IsStill(PortRow seen) => Holding.Holders.Any(now => seen.Holders.Any(then => then.Process?.Identity == now.Process?.Identity));
}
