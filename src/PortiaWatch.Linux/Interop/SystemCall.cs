using System.Runtime.InteropServices;

namespace PortiaWatch.Linux.Interop;

/// <summary>Numbers of system calls that libc has no wrapper for (asm/unistd_64.h on x86-64, asm-generic/unistd.h on arm64).</summary>
internal static class SystemCall
{
    public static nint Bpf => IsX64 ? 321 : 280;

    public static nint PerfEventOpen => IsX64 ? 298 : 241;

    // From 5.1 on a new call has the same number on every machine.
    public const nint FsOpen = 430;
    public const nint FsConfig = 431;
    public const nint FsMount = 432;

    private static bool IsX64 => RuntimeInformation.ProcessArchitecture == Architecture.X64;
}
