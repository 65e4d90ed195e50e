using PortiaWatch.Pipeline;

namespace PortiaWatch.Darwin;

/// <summary>Builds the macOS <see cref="Platform"/>.</summary>
public static class DarwinPlatform
{
    /// <summary>Measures what works here and builds the parts. Opens nothing that stays open until it is used.</summary>
    /// <param name="stateFolder">Where a source keeps its place; created when first needed.</param>
    public static Platform Create(string stateFolder) => throw new PlatformNotSupportedException($"under construction: {stateFolder}");
}
