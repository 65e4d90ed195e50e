using System.Globalization;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Storms;

/// <summary>What a storm may cost the running watcher.</summary>
internal static class Memory
{
    /// <summary>For the build under test, which compiles itself as it runs; the released one stays far below.</summary>
    public const int CeilingMegabytes = 200;

    /// <summary>The most that the process has had in memory since it began, as the kernel counts it.</summary>
    public static int PeakMegabytes(int pid)
    {
        string line = File.ReadLines($"/proc/{pid}/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return int.Parse(line["VmHWM:".Length..^"kB".Length], NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture) / 1024;
    }

    /// <summary>Fails when the process ever had more than the ceiling. Returns what it had.</summary>
    public static int AssertBelowCeiling(int pid)
    {
        int peak = PeakMegabytes(pid);
        Assert.True(peak < CeilingMegabytes, $"the watcher had {peak} MB in memory; the ceiling is {CeilingMegabytes}");
        return peak;
    }

    public static void RequireCount() => Server.RequiresThat(OperatingSystem.IsLinux(), "the peak of another process's memory is read from /proc");
}
