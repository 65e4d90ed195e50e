using System.Runtime.InteropServices;
using PortiaWatch.Darwin.Interop;
using PortiaWatch.Darwin.Processes;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Darwin.Signals;

/// <summary>Signals one process image and waits for its exit on a kqueue.</summary>
/// <param name="tokens">Null before macOS 14.2.</param>
internal sealed class Striker(TokenSignal? tokens) : IStriker
{
    // launchd is 1; 0 and below mean process groups to kill(2).
    private const int LastProtectedPid = 1;

    public SafeHandle? Open(ProcessIdentity process)
    {
        if (process.Pid <= LastProtectedPid)
            return null;
        ProcessQueue? queue = ProcessQueue.Open(process.Pid);

        // Identity after the note is in place: equal means that the note sits on the right process.
        if (queue is null || IdentityReader.Read(process.Pid) == process)
            return queue;
        queue.Dispose();
        return null;
    }

    public SignalResult Signal(SafeHandle process, ProcessIdentity expected, StopSignal signal)
    {
        int number = signal == StopSignal.Kill ? libSystem.SIGKILL : libSystem.SIGTERM;
        if (expected.Pid <= LastProtectedPid || expected.Pid == Environment.ProcessId || process is not ProcessQueue { IsClosed: false } queue)
            return SignalResult.NotPermitted;
        if (queue.HasExited)
            return SignalResult.Gone;
        if (Changed(expected) is { } changed)
            return changed;
        if (tokens is not null && expected.Image is not null)
        {
            int errno = tokens.Send(expected, number);

            // A library newer than its kernel, as in a container or an update under way: the call is not there.
            if (errno is not (libSystem.ENOSYS or libSystem.ENOTSUP))
                return Result(errno, expected);
            if (Changed(expected) is { } meanwhile)
                return meanwhile;
        }

        // Between the comparison and this call a small race remains: microseconds, and pids are given out in turn, so that this one comes back after some 99,900 others.
        return Result(libSystem.kill(expected.Pid, number), expected);
    }

    public async Task<bool> WaitForExitAsync(SafeHandle process, TimeSpan limit, CancellationToken cancellation)
    {
        if (process is not ProcessQueue queue)
            return false;
        if (queue.HasExited)
            return true;
        TaskCompletionSource<bool> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Thread waiter = new(() =>
        {
            try
            {
                done.TrySetResult(queue.Wait(limit, cancellation));
            }
            catch (ObjectDisposedException)
            {
                done.TrySetResult(false);
            }
        })
        { IsBackground = true, Name = "portia kqueue" };
        waiter.Start();

        // A wake-up that comes before the wait stays in the queue and is not lost.
        using CancellationTokenRegistration registration = cancellation.Register(queue.Wake);
        bool exited = await done.Task;
        cancellation.ThrowIfCancellationRequested();
        return exited;
    }

    public string? ExplainRefusal(ProcessIdentity process) => SignalRights.Explain(process.Pid);

    private static SignalResult? Changed(ProcessIdentity expected)
    {
        ProcessIdentity? now = IdentityReader.Read(expected.Pid);
        if (now is null)
            return SignalResult.Gone;
        return now == expected ? null : SignalResult.IdentityChanged;
    }

    private static SignalResult Result(int errno, ProcessIdentity expected) => errno switch
    {
        0 => SignalResult.Delivered,

        // The token call says ESRCH for a program that exec replaced as well.
        libSystem.ESRCH => Changed(expected) ?? SignalResult.Gone,
        _ => SignalResult.NotPermitted,
    };
}
