using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Sources;

namespace PortiaWatch.Daemon;

/// <summary>Which sources a watcher reads: those the user names, or all that the configuration and the platform allow.</summary>
internal static class SourceChoice
{
    private const string Stdin = "stdin";
    private const string Files = "file";
    private const string Kernel = "kernel";

    public static IReadOnlyList<ILogSource> Choose(Platform platform, SourceSettings settings, IReadOnlyList<string> named)
    {
        IReadOnlyList<string> files = [.. settings.Files, .. platform.DefaultFiles()];
        if (named.Count == 0)
        {
            IEnumerable<ILogSource> all = platform.Sources.Where(source => IsOn(source, platform, settings));
            return [.. files.Count > 0 ? all.Append(NewFileSource(platform, files)) : all];
        }

        return [.. named.Distinct().Select(name => name switch
        {
            Stdin => new StdinSource(Console.OpenStandardInput(), TimeProvider.System),
            Files when files.Count == 0 => throw new UsageException("--source file reads the files that the configuration names, and it names none; add \"sources\": { \"files\": [\"~/app/*.log\"] }."),
            Files => NewFileSource(platform, files),
            _ => platform.Sources.FirstOrDefault(source => source.Name == name)
                ?? throw new UsageException($"There is no source \"{name}\" on {platform.Name}. Choose from: {string.Join(", ", [Stdin, Files, .. platform.Sources.Select(source => source.Name)])}."),
        })];
    }

    private static FileSource NewFileSource(Platform platform, IReadOnlyList<string> files) => new(files, Folders.Home, platform.FileIdentity, TimeProvider.System, platform.OpenRegularFile);

    // Unless it is asked for, the kernel source is left out where it cannot work: that is the usual case, and nothing to report each time.
    private static bool IsOn(ILogSource source, Platform platform, SourceSettings settings) => source.Name == Kernel
        ? settings.Kernel == Toggle.On || (settings.Kernel == Toggle.Auto && platform.Capabilities.Has(Capability.SeeKernelEvents))
        : settings.SystemLog != Toggle.Off;
}
