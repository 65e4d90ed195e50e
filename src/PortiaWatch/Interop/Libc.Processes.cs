using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PortiaWatch.Interop;

// spawn.h, signal.h, sys/wait.h, unistd.h
internal static partial class Libc
{
    internal const int SIGHUP = 1;
    internal const int SIGINT = 2;
    internal const int SIGQUIT = 3;
    internal const int SIGKILL = 9;
    internal const int SIGPIPE = 13;
    internal const int SIGTERM = 15;
    internal const int SIGTTIN = 21;
    internal const int SIGTTOU = 22;
    internal const int SIGWINCH = 28;
    internal const int LastClassicSignal = 31;
    internal const int SIG_IGN = 1;
    internal const short POSIX_SPAWN_SETPGROUP = 2;
    internal const short POSIX_SPAWN_SETSIGDEF = 4;
    internal const short POSIX_SPAWN_SETSIGMASK = 8;
    internal const int P_PID = 1;
    internal const int WNOHANG = 1;
    internal const int WUNTRACED = 2;
    internal const int WEXITED = 4;

    [LibraryImport("libc")]
    internal static unsafe partial int posix_spawnp(int* pid, byte* file, SpawnRoom* actions, SpawnRoom* attributes, byte** argv, byte** envp);

    [LibraryImport("libc")]
    internal static unsafe partial int posix_spawn_file_actions_init(SpawnRoom* actions);

    [LibraryImport("libc")]
    internal static unsafe partial int posix_spawn_file_actions_destroy(SpawnRoom* actions);

    [LibraryImport("libc")]
    internal static unsafe partial int posix_spawn_file_actions_addopen(SpawnRoom* actions, int fd, byte* path, int flags, uint mode);

    [LibraryImport("libc")]
    internal static unsafe partial int posix_spawn_file_actions_adddup2(SpawnRoom* actions, int fd, int target);

    [LibraryImport("libc")]
    internal static unsafe partial int posix_spawnattr_init(SpawnRoom* attributes);

    [LibraryImport("libc")]
    internal static unsafe partial int posix_spawnattr_destroy(SpawnRoom* attributes);

    [LibraryImport("libc")]
    internal static unsafe partial int posix_spawnattr_setflags(SpawnRoom* attributes, short flags);

    [LibraryImport("libc")]
    internal static unsafe partial int posix_spawnattr_setpgroup(SpawnRoom* attributes, int group);

    [LibraryImport("libc")]
    internal static unsafe partial int posix_spawnattr_setsigdefault(SpawnRoom* attributes, SignalSet* signals);

    [LibraryImport("libc")]
    internal static unsafe partial int posix_spawnattr_setsigmask(SpawnRoom* attributes, SignalSet* signals);

    [LibraryImport("libc")]
    internal static unsafe partial int sigemptyset(SignalSet* signals);

    [LibraryImport("libc")]
    internal static unsafe partial int sigaddset(SignalSet* signals, int signal);

    [LibraryImport("libc")]
    internal static unsafe partial int sigprocmask(int how, SignalSet* signals, SignalSet* before);

    [LibraryImport("libc")]
    internal static unsafe partial int sigaction(int signal, SignalAction* action, SignalAction* before);

    [LibraryImport("libc", SetLastError = true)]
    internal static unsafe partial int waitid(int type, int id, SignalReport* report, int options);

    [LibraryImport("libc", SetLastError = true)]
    internal static unsafe partial int waitpid(int pid, int* status, int options);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int kill(int pid, int signal);

    [LibraryImport("libc")]
    internal static partial int getpgrp();

    [LibraryImport("libc")]
    internal static partial int getsid(int pid);

    [LibraryImport("libc")]
    internal static partial int getpgid(int pid);

    [LibraryImport("libc")]
    internal static partial uint geteuid();

    /// <summary>libproc.h, macOS alone: fills in the members of a group and says how many; negative when it cannot.</summary>
    [LibraryImport("libproc")]
    internal static unsafe partial int proc_listpgrppids(int group, int* pids, int sizeBytes);

    /// <summary>To every process of our own group but us.</summary>
    internal static unsafe void SignalOthersOfOurGroup(int signal)
    {
        // Ignored at the moment in which it is sent, it is gone; handled, it would come to us at some later time.
        SignalAction ours = default;
        _ = sigaction(signal, null, &ours);
        SignalAction ignored = ours;
        ignored.Handler = SIG_IGN;
        _ = sigaction(signal, &ignored, null);
        _ = kill(0, signal);
        _ = sigaction(signal, &ours, null);
    }

    [LibraryImport("libc", EntryPoint = "_NSGetEnviron")]
    private static unsafe partial byte*** NSGetEnviron();

    /// <summary>The environment as this process was given it, byte by byte.</summary>
    internal static unsafe byte** Environment()
    {
        if (OperatingSystem.IsMacOS())
            return *NSGetEnviron();
        return *(byte***)NativeLibrary.GetExport(NativeLibrary.GetMainProgramHandle(), "environ");
    }

    /// <summary>Room for posix_spawnattr_t (336 bytes with glibc) and posix_spawn_file_actions_t (80); both are one pointer on macOS.</summary>
    [InlineArray(512)]
    internal struct SpawnRoom
    {
        private byte _first;
    }

    /// <summary>Room for sigset_t: 128 bytes on Linux, 4 on macOS.</summary>
    [InlineArray(128)]
    internal struct SignalSet
    {
        private byte _first;
    }

    /// <summary>Room for siginfo_t: 128 bytes on Linux, 104 on macOS; si_code is the third int on both.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 128)]
    internal struct SignalReport
    {
        public int si_signo;
        public int si_errno;
        public int si_code;
    }

    /// <summary>Room for struct sigaction: 152 bytes with glibc, 16 on macOS; the handler stands first on both.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 192)]
    internal struct SignalAction
    {
        public nint Handler;
    }
}
