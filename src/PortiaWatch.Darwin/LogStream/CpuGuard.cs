namespace PortiaWatch.Darwin.LogStream;

/// <summary>Watches what a wide log stream costs and stops it when it costs too much. Only the wide mode has this timer.</summary>
internal static class CpuGuard
{
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(15);

    /// <summary>Of one core. A narrow stream was measured by others at 0.18 %.</summary>
    public const double Limit = 0.05;

    private const int WindowsInARow = 2;

    /// <summary>Returns true after stopping the child, false when cancelled first.</summary>
    public static async Task<bool> WatchAsync(Func<TimeSpan?> processorTime, Action stop, TimeProvider time, CancellationToken cancellation)
    {
        using PeriodicTimer timer = new(Window, time);
        TimeSpan before = processorTime() ?? TimeSpan.Zero;
        int tooDear = 0;
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation))
            {
                TimeSpan now = processorTime() ?? before;
                tooDear = (now - before) / Window > Limit ? tooDear + 1 : 0;
                before = now;
                if (tooDear < WindowsInARow)
                    continue;
                stop();
                return true;
            }
        }
        catch (OperationCanceledException)
        {
            // The stream ended first.
        }

        return false;
    }
}
