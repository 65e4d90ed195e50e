using PortiaWatch.Pipeline;

namespace PortiaWatch.Linux;

/// <summary>Builds the Linux <see cref="Platform"/>.</summary>
public static class LinuxPlatform
{
    /// <summary>Measures what works here and builds the parts. Opens nothing that stays open until it is used.</summary>
    /// <param name="stateFolder">Where a source keeps its place (journal cursor); created when first needed.</param>
    public static Platform Create(string stateFolder) => throw new PlatformNotSupportedException($"under construction: {stateFolder}");
}
