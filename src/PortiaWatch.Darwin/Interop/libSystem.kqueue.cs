using System.Runtime.InteropServices;

namespace PortiaWatch.Darwin.Interop;

internal static partial class libSystem
{
    // bsd/sys/event.h
    public const short EVFILT_PROC = -5;
    public const short EVFILT_USER = -10;
    public const ushort EV_ADD = 0x0001;
    public const ushort EV_ENABLE = 0x0004;
    public const ushort EV_ONESHOT = 0x0010;
    public const ushort EV_CLEAR = 0x0020;
    public const ushort EV_RECEIPT = 0x0040;
    public const ushort EV_ERROR = 0x4000;
    public const uint NOTE_EXIT = 0x80000000;
    public const uint NOTE_TRIGGER = 0x01000000;

    /// <summary>A new queue, or -1.</summary>
    [LibraryImport(Library, SetLastError = true)]
    public static partial int kqueue();

    /// <summary>Hands one change to the queue and takes its receipt. Returns 0 or an errno value.</summary>
    public static unsafe int kevent64_change(int kq, kevent64_s change)
    {
        change.flags |= EV_RECEIPT;
        kevent64_s receipt = default;
        int count = kevent64(kq, &change, 1, &receipt, 1, 0, null);
        if (count < 0)
            return Marshal.GetLastPInvokeError();
        return count == 1 && (receipt.flags & EV_ERROR) != 0 ? (int)receipt.data : 0;
    }

    /// <summary>Waits for one event. Returns 1 with the event, 0 when the time passed, or minus an errno value.</summary>
    public static unsafe int kevent64_wait(int kq, out kevent64_s happened, TimeSpan limit)
    {
        timespec timeout = new() { tv_sec = limit.Ticks / TimeSpan.TicksPerSecond, tv_nsec = limit.Ticks % TimeSpan.TicksPerSecond * TimeSpan.NanosecondsPerTick };
        kevent64_s one = default;
        int count = kevent64(kq, null, 0, &one, 1, 0, &timeout);
        int errno = Marshal.GetLastPInvokeError();
        happened = one;
        return count < 0 ? -errno : count;
    }

    [LibraryImport(Library, SetLastError = true)]
    private static unsafe partial int kevent64(int kq, kevent64_s* changelist, int nchanges, kevent64_s* eventlist, int nevents, uint flags, timespec* timeout);
}
