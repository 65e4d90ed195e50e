using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PortiaWatch.Linux.Interop;

/// <summary>perf_event_open(2) for one tracepoint, and its ioctls. Names and numbers from linux/perf_event.h.</summary>
internal static unsafe partial class Libc
{
    public const uint PERF_TYPE_TRACEPOINT = 2;
    public const uint PERF_ATTR_SIZE_VER0 = 64;
    public const ulong PERF_FLAG_FD_CLOEXEC = 8;
    public const nuint PERF_EVENT_IOC_ENABLE = 0x2400;
    public const nuint PERF_EVENT_IOC_SET_BPF = 0x40042408;

    /// <summary>Every process (pid -1) on one processor. Null when the kernel refused; <paramref name="errno"/> then says why.</summary>
    public static SafeFileHandle? perf_event_open(in PerfEventAttributes attributes, int processor, out int errno)
    {
        fixed (PerfEventAttributes* pointer = &attributes)
            return Own(syscall(SystemCall.PerfEventOpen, pointer, -1, processor, -1, PERF_FLAG_FD_CLOEXEC), out errno);
    }

    /// <summary>0, or the errno.</summary>
    public static int perf_event_ioctl(SafeFileHandle perfEvent, nuint request, nint argument) =>
        ioctl(perfEvent, request, argument) < 0 ? Marshal.GetLastPInvokeError() : 0;

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint syscall(nint number, void* attributes, nint pid, nint cpu, nint group, ulong flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(SafeFileHandle descriptor, nuint request, nint argument);
}
