using System.Runtime.InteropServices;

namespace PortiaWatch.Darwin.Interop;

internal static partial class libSystem
{
    // bsd/sys/signal.h
    public const int SIGKILL = 9;
    public const int SIGTERM = 15;

    /// <summary>kill(2): 0 or an errno value. Refuses pids below 1, which would mean groups.</summary>
    public static int kill(int pid, int sig)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pid, 1);
        return kill_pid(pid, sig) == 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    [LibraryImport(Library, EntryPoint = "kill", SetLastError = true)]
    private static partial int kill_pid(int pid, int sig);
}
