using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PortiaWatch.Linux.Interop;

/// <summary>epoll(7) and eventfd(2): one thread waits on several descriptors without a timer. Names and numbers from sys/epoll.h, sys/eventfd.h.</summary>
internal static unsafe partial class Libc
{
    public const uint EPOLLIN = 1;
    public const int EPOLL_CTL_ADD = 1;
    public const int EPOLL_CLOEXEC = 0x80000;

    public static SafeFileHandle epoll_create() => OwnOrThrow(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");

    /// <summary>A descriptor that becomes readable for good with <see cref="eventfd_signal"/>.</summary>
    public static SafeFileHandle eventfd_create()
    {
        const int EFD_CLOEXEC = 0x80000;
        return OwnOrThrow(EpollEventfd(0, EFD_CLOEXEC), "eventfd");
    }

    public static void eventfd_signal(SafeFileHandle descriptor)
    {
        ulong one = 1;
        if (EpollWrite(descriptor, &one, sizeof(ulong)) != sizeof(ulong))
            throw new IOException($"write to an eventfd failed: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    public static void epoll_add(SafeFileHandle epoll, SafeFileHandle descriptor)
    {
        // x86-64 packs struct epoll_event to 12 bytes, every other machine pads it to 16; the word at offset 0 is the mask in both.
        ulong* watched = stackalloc ulong[2];
        watched[0] = EPOLLIN;
        watched[1] = 0;
        if (epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, watched) != 0)
            throw new IOException($"epoll_ctl failed: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    /// <summary>Waits without a limit until one of the descriptors is ready; which one, the caller finds out by looking.</summary>
    public static void epoll_wait(SafeFileHandle epoll)
    {
        const int EINTR = 4;
        ulong* ready = stackalloc ulong[4];
        while (epoll_wait(epoll, ready, 2, -1) < 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            if (errno != EINTR)
                throw new IOException($"epoll_wait failed: {Marshal.GetPInvokeErrorMessage(errno)}");
        }
    }

    private static SafeFileHandle OwnOrThrow(int descriptor, string call) =>
        Own(descriptor, out int errno) ?? throw new IOException($"{call} failed: {Marshal.GetPInvokeErrorMessage(errno)}");

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static partial int EpollEventfd(uint value, int flags);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint EpollWrite(SafeFileHandle descriptor, void* bytes, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_ctl(SafeFileHandle epoll, int operation, SafeFileHandle descriptor, void* watched);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_wait(SafeFileHandle epoll, void* ready, int capacity, int milliseconds);
}
