using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Sources;

namespace PortiaWatch.Daemon;

/// <summary>Which sources a watcher reads: those the user names, or all that the configuration and the platform allow.</summary>
internal static class SourceChoice
{
    private const string Stdin = "stdin";
    private const string Files = "file";
    private const string Kernel = "kernel";

    /// <summary>
    /// True for a watcher of nothing but what it was given: a pipe, or files. It runs beside the user's one watcher, which sees none of that.
    /// </summary>
    public static bool IsOneOff(IReadOnlyList<string> named) => named.Count > 0 && named.All(name => name is Stdin or Files);

    /// <param name="platform">Has the system's own sources.</param>
    /// <param name="settings">What the configuration allows.</param>
    /// <param name="named">What the user asked for; empty means all.</param>
    /// <param name="hooks">Null where no runtime hook can report to us.</param>
    public static IReadOnlyList<ILogSource> Choose(Platform platform, SourceSettings settings, IReadOnlyList<string> named, HookSource? hooks)
    {
        IReadOnlyList<string> files = [.. settings.Files, .. platform.DefaultFiles()];
        if (named.Count == 0)
        {
            IEnumerable<ILogSource> all = platform.Sources.Where(source => IsOn(source, platform, settings));
            return [.. all, .. files.Count > 0 ? [NewFileSource(platform, files)] : Array.Empty<ILogSource>(), .. hooks is null ? [] : new ILogSource[] { hooks }];
        }

        IEnumerable<ILogSource> here = hooks is null ? platform.Sources : platform.Sources.Append(hooks);
        return [.. named.Distinct().Select(name => name switch
        {
            Stdin => new StdinSource(Console.OpenStandardInput(), TimeProvider.System),
            Files when files.Count == 0 => throw new UsageException("--source file reads the files that the configuration names, and it names none; add \"sources\": { \"files\": [\"~/app/*.log\"] }."),
            Files => NewFileSource(platform, files),
            _ => here.FirstOrDefault(source => source.Name == name)
                ?? throw new UsageException($"There is no source \"{PlainText.Clean(name, 80)}\" on {platform.Name}. Choose from: {string.Join(", ", [Stdin, Files, .. here.Select(source => source.Name)])}."),
        })];
    }

    private static FileSource NewFileSource(Platform platform, IReadOnlyList<string> files) => new(files, Folders.Home, platform.FileIdentity, TimeProvider.System, platform.OpenRegularFile);

    // Unless it is asked for, the kernel source is left out where it cannot work: that is the usual case, and nothing to report each time.
    private static bool IsOn(ILogSource source, Platform platform, SourceSettings settings) => source.Name == Kernel
        ? settings.Kernel == Toggle.On || (settings.Kernel == Toggle.Auto && platform.Capabilities.Has(Capability.SeeKernelEvents))
        : settings.SystemLog != Toggle.Off;
}
