namespace PortiaWatch.Pipeline;

/// <summary>The capabilities with the reasons for what is missing.</summary>
/// <param name="Present">What works.</param>
/// <param name="Limits">For each missing capability one plain sentence: why, and what would mend it.</param>
public sealed record Capabilities(Capability Present, IReadOnlyDictionary<Capability, string> Limits)
{
    public bool Has(Capability capability) => (Present & capability) == capability;

    /// <summary>True when the watcher can only detect and tell: no socket table or no signals.</summary>
    public bool IsLite => !Has(Capability.ReadSocketTable) || !Has(Capability.Signal);
}
