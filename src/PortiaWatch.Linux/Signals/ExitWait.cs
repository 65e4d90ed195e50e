using System.Runtime.InteropServices;
using PortiaWatch.Linux.Interop;

namespace PortiaWatch.Linux.Signals;

/// <summary>
/// Waits for a pidfd to become readable, which it does when the process ends, reaped or not. One sleeping thread for each wait: strikes are rare, and a thread in poll(2)
/// costs nothing meanwhile. An eventfd wakes it when the wait is cancelled.
/// </summary>
internal static class ExitWait
{
    /// <summary>False when <paramref name="limit"/> passed first.</summary>
    public static Task<bool> StartAsync(SafeHandle pidfd, TimeSpan limit, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        bool isOver = Poll((int)pidfd.DangerousGetHandle(), -1, TimeSpan.Zero) > 0;
        GC.KeepAlive(pidfd);
        if (isOver || limit <= TimeSpan.Zero)
            return Task.FromResult(isOver);
        var done = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() => Wait(pidfd, limit, done, cancellation), maxStackSize: 128 * 1024) { IsBackground = true, Name = "exit wait" };
        thread.Start();
        return done.Task;
    }

    private static void Wait(SafeHandle pidfd, TimeSpan limit, TaskCompletionSource<bool> done, CancellationToken cancellation)
    {
        bool held = false;
        try
        {
            pidfd.DangerousAddRef(ref held);
            using var wake = new Descriptor(Libc.eventfd(0, Libc.EFD_CLOEXEC));

            // Disposed before the eventfd, and disposing waits for a running callback.
            using CancellationTokenRegistration registration = cancellation.UnsafeRegister(static state => Ring((Descriptor)state!), wake);
            int ready = Poll((int)pidfd.DangerousGetHandle(), wake.Number, limit);
            if (cancellation.IsCancellationRequested)
                done.TrySetCanceled(cancellation);
            else
                done.TrySetResult(ready > 0);
        }
        catch (ObjectDisposedException e)
        {
            done.TrySetException(e);
        }
        finally
        {
            if (held)
                pidfd.DangerousRelease();
        }
    }

    // More than 0: the process has ended, or the wait was cancelled; 0: time is up.
    private static unsafe int Poll(int pidfd, int wake, TimeSpan limit)
    {
        Libc.PollDescriptor* descriptors = stackalloc Libc.PollDescriptor[2];
        descriptors[0] = new Libc.PollDescriptor { fd = pidfd, events = Libc.POLLIN };
        descriptors[1] = new Libc.PollDescriptor { fd = wake, events = Libc.POLLIN };
        long until = Environment.TickCount64 + (long)Math.Min(limit.TotalMilliseconds, int.MaxValue);
        while (true)
        {
            // A signal of our own runtime may interrupt the call; the remaining time goes on.
            int left = (int)Math.Max(0, until - Environment.TickCount64);
            int ready = Libc.poll(descriptors, 2, left);
            if (ready >= 0 || Marshal.GetLastPInvokeError() != Libc.EINTR)
                return ready;
        }
    }

    private static unsafe void Ring(Descriptor wake)
    {
        ulong one = 1;
        _ = Libc.write(wake.Number, (byte*)&one, sizeof(ulong));
    }
}
