using PortiaWatch.Linux.Interop;

namespace PortiaWatch.Linux.Processes;

/// <summary>Turns the kernel's ticks since boot into time of day.</summary>
internal static class BootClock
{
    private static readonly long TicksPerSecond = Libc.sysconf(Libc._SC_CLK_TCK);

    /// <summary>Correct to a kernel tick (10 ms). The wall clock is asked each time: it may have been set since.</summary>
    public static unsafe DateTimeOffset At(ulong ticksSinceBoot, TimeProvider time)
    {
        Libc.Timespec now;
        _ = Libc.clock_gettime(Libc.CLOCK_BOOTTIME, &now);
        double ago = now.tv_sec + (now.tv_nsec / 1e9) - (ticksSinceBoot / (double)TicksPerSecond);
        return time.GetUtcNow() - TimeSpan.FromSeconds(ago);
    }
}
