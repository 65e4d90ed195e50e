using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Sources;

namespace PortiaWatch.Daemon;

/// <summary>Which sources a watcher reads: those the user names, or all that the configuration and the platform allow.</summary>
internal static class SourceChoice
{
    private const string Stdin = "stdin";
    private const string Kernel = "kernel";

    public static IReadOnlyList<ILogSource> Choose(Platform platform, SourceSettings settings, IReadOnlyList<string> named)
    {
        if (named.Count == 0)
        {
            return [.. platform.Sources.Where(source => IsOn(source, platform, settings))];
        }

        return [.. named.Distinct().Select(name => name switch
        {
            Stdin => new StdinSource(Console.OpenStandardInput(), TimeProvider.System),
            _ => platform.Sources.FirstOrDefault(source => source.Name == name)
                ?? throw new UsageException($"There is no source \"{name}\" on {platform.Name}. Choose from: {string.Join(", ", [Stdin, .. platform.Sources.Select(source => source.Name)])}."),
        })];
    }

    // Unless it is asked for, the kernel source is left out where it cannot work: that is the usual case, and nothing to report each time.
    private static bool IsOn(ILogSource source, Platform platform, SourceSettings settings) => source.Name == Kernel
        ? settings.Kernel == Toggle.On || (settings.Kernel == Toggle.Auto && platform.Capabilities.Has(Capability.SeeKernelEvents))
        : settings.SystemLog != Toggle.Off;
}
