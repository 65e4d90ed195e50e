using System.Runtime.InteropServices;

namespace PortiaWatch.Linux.Interop;

// asm-generic/unistd.h: system calls from 424 on have the same number on every architecture. signal.h.
internal static partial class Libc
{
    internal const int SIGINT = 2;
    internal const int SIGKILL = 9;
    internal const int SIGTERM = 15;
    private const int SYS_pidfd_send_signal = 424;
    private const int SYS_pidfd_open = 434;

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SyscallPidfdOpen(nint number, nint pid, nint flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SyscallPidfdSendSignal(nint number, nint pidfd, nint sig, nint info, nint flags);

    /// <summary>pidfd_open(2), kernel 5.3. The descriptor is close-on-exec by itself.</summary>
    internal static int PidfdOpen(int pid) => (int)SyscallPidfdOpen(SYS_pidfd_open, pid, 0);

    /// <summary>pidfd_send_signal(2), kernel 5.1.</summary>
    internal static int PidfdSendSignal(int pidfd, int sig) => (int)SyscallPidfdSendSignal(SYS_pidfd_send_signal, pidfd, sig, 0, 0);
}
