namespace PortiaWatch.Running;

/// <summary>What wait(2) says of a process that has ended; the layout of the number is the same on every system.</summary>
internal static class ExitStatus
{
    private const int SignalBase = 128;

    /// <summary>The exit code, or 128 and the signal, as shells have it.</summary>
    public static int CodeOf(int status) => (status & 0x7f) is var signal && signal != 0 ? SignalBase + signal : (status >> 8) & 0xff;
}
