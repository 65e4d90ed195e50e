using PortiaWatch.Darwin;
using PortiaWatch.Linux;
using PortiaWatch.Pipeline;

namespace PortiaWatch;

/// <summary>The platform that this machine has.</summary>
internal static class Platforms
{
    public static Platform Here()
    {
        if (OperatingSystem.IsLinux())
            return LinuxPlatform.Create(Folders.State);
        if (OperatingSystem.IsMacOS())
            return DarwinPlatform.Create(Folders.State);
        throw new UsageException("PortiaWatch runs on Linux and macOS; this is neither.");
    }
}
