namespace PortiaWatch.Pipeline.Configuration;

/// <summary>Which sources run. Auto: on where the platform and the user's rights allow it.</summary>
public sealed record SourceSettings
{
    public Toggle Kernel { get; init; } = Toggle.Auto;

    public Toggle SystemLog { get; init; } = Toggle.Auto;

    /// <summary>Paths and globs; <c>~</c> is the user's home.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    public Toggle Hooks { get; init; } = Toggle.Auto;
}
