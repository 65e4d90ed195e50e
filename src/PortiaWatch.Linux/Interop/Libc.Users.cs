using System.Runtime.InteropServices;

namespace PortiaWatch.Linux.Interop;

// unistd.h, pwd.h, time.h
internal static partial class Libc
{
    internal const int ERANGE = 34;
    internal const int CLOCK_BOOTTIME = 7;
    internal const int _SC_CLK_TCK = 2;

    [LibraryImport("libc")]
    internal static partial uint geteuid();

    [LibraryImport("libc")]
    internal static partial int getppid();

    [LibraryImport("libc")]
    internal static partial nint sysconf(int name);

    [LibraryImport("libc")]
    internal static unsafe partial int getpwuid_r(uint uid, Passwd* pwd, byte* buf, nuint buflen, Passwd** result);

    [LibraryImport("libc", SetLastError = true)]
    internal static unsafe partial int clock_gettime(int clockid, Timespec* tp);

    /// <summary>struct passwd of glibc and musl, 48 bytes with 8-byte pointers.</summary>
    internal unsafe struct Passwd
    {
        public byte* pw_name;
        public byte* pw_passwd;
        public uint pw_uid;
        public uint pw_gid;
        public byte* pw_gecos;
        public byte* pw_dir;
        public byte* pw_shell;
    }

    /// <summary>struct timespec, 16 bytes with 64-bit time.</summary>
    internal struct Timespec
    {
        public long tv_sec;
        public long tv_nsec;
    }
}
