using System.Diagnostics;
using Microsoft.Win32.SafeHandles;
using PortiaWatch.Darwin.Interop;

namespace PortiaWatch.Darwin.Signals;

/// <summary>A kqueue with a note on the exit of one process. The note sits on the process, not on the pid: it stays with it however long it lives.</summary>
internal sealed class ProcessQueue : SafeHandleMinusOneIsInvalid
{
    private const ulong WakeUp = 1;

    private ProcessQueue(int queue)
        : base(ownsHandle: true) => SetHandle(queue);

    /// <summary>Seen once, the note is gone from the queue.</summary>
    public bool HasExited { get; private set; }

    /// <summary>Null when the process is gone or a zombie already, or no queue can be had.</summary>
    public static ProcessQueue? Open(int pid)
    {
        ProcessQueue queue = new(libSystem.kqueue());
        if (!queue.IsInvalid && queue.Change(libSystem.EVFILT_PROC, (ulong)pid, libSystem.EV_ADD | libSystem.EV_ENABLE | libSystem.EV_ONESHOT, libSystem.NOTE_EXIT) == 0
            && queue.Change(libSystem.EVFILT_USER, WakeUp, libSystem.EV_ADD | libSystem.EV_ENABLE | libSystem.EV_CLEAR, 0) == 0)
        {
            return queue;
        }

        queue.Dispose();
        return null;
    }

    /// <summary>Blocks until the exit, the limit, or <see cref="Wake"/> after a cancellation. True for the exit.</summary>
    public bool Wait(TimeSpan limit, CancellationToken cancellation)
    {
        bool held = false;
        try
        {
            DangerousAddRef(ref held);
            long start = Stopwatch.GetTimestamp();
            while (!HasExited)
            {
                TimeSpan left = limit - Stopwatch.GetElapsedTime(start);
                int count = libSystem.kevent64_wait((int)handle, out kevent64_s happened, left > TimeSpan.Zero ? left : TimeSpan.Zero);
                HasExited = count == 1 && happened.filter == libSystem.EVFILT_PROC;

                // A signal handler of the runtime interrupts the call, and the wake-up of an earlier wait may still lie in the queue: neither is the end.
                if (count == 0 || (count < 0 && count != -libSystem.EINTR) || cancellation.IsCancellationRequested)
                    break;
            }

            return HasExited;
        }
        finally
        {
            if (held)
                DangerousRelease();
        }
    }

    /// <summary>Ends a <see cref="Wait"/> on another thread.</summary>
    public void Wake()
    {
        if (!IsClosed)
            _ = Change(libSystem.EVFILT_USER, WakeUp, 0, libSystem.NOTE_TRIGGER);
    }

    protected override bool ReleaseHandle() => libSystem.close((int)handle) == 0;

    private int Change(short filter, ulong ident, int flags, uint notes)
    {
        bool held = false;
        try
        {
            DangerousAddRef(ref held);
            return libSystem.kevent64_change((int)handle, new kevent64_s { ident = ident, filter = filter, flags = (ushort)flags, fflags = notes });
        }
        catch (ObjectDisposedException)
        {
            return libSystem.EINVAL;
        }
        finally
        {
            if (held)
                DangerousRelease();
        }
    }
}
