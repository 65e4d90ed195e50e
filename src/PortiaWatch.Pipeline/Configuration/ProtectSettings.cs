namespace PortiaWatch.Pipeline.Configuration;

/// <summary>What is never signalled, on top of what never is anyway.</summary>
public sealed record ProtectSettings
{
    /// <summary>Globs on the program's name.</summary>
    public IReadOnlyList<string> Process { get; init; } = [];

    public IReadOnlyList<PortRange> Ports { get; init; } = [];
}
