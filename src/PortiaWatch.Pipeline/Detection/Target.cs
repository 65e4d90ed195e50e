namespace PortiaWatch.Pipeline.Detection;

/// <summary>A mention taken to be the contested endpoint, with the line it stands in.</summary>
internal sealed record Target(Line Line, Mention Mention)
{
    /// <summary>The address where another mention states it; null when none does.</summary>
    public string? Address { get; init; } = Mention.Address;
}
