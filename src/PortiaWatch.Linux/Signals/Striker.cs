using System.Runtime.InteropServices;
using PortiaWatch.Linux.Interop;
using PortiaWatch.Linux.Processes;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Striking;

namespace PortiaWatch.Linux.Signals;

/// <summary>
/// Signals through a pidfd. The pidfd is opened first and the identity read after it: what is read then belongs to the process that the pidfd pins, or that process has
/// ended and the signal reaches nobody. A pid that is given to another process in between can therefore never be hit. What remains is an exec between the last look and the
/// signal, a few microseconds that no system call of Linux closes.
/// </summary>
internal sealed class Striker : IStriker
{
    public SafeHandle? Open(ProcessIdentity process)
    {
        int fd = process.Pid > 0 ? Libc.PidfdOpen(process.Pid) : -1;
        if (fd < 0)
            return null;
        var pidfd = new Descriptor(fd);
        if (IdentityReader.Read(process.Pid) == process)
            return pidfd;
        pidfd.Dispose();
        return null;
    }

    public SignalResult Signal(SafeHandle process, ProcessIdentity expected, StopSignal signal)
    {
        int number = signal == StopSignal.Kill ? Libc.SIGKILL : Libc.SIGTERM;
        int parent = Libc.getppid();
        int pidfd = (int)process.DangerousGetHandle();
        if (LastLook.Refusal(expected, IdentityReader.Read(expected.Pid), Environment.ProcessId, parent) is { } refusal)
            return refusal;
        if (Libc.PidfdSendSignal(pidfd, number) == 0)
            return SignalResult.Delivered;
        int error = Marshal.GetLastPInvokeError();
        GC.KeepAlive(process);
        return error == Libc.ESRCH ? SignalResult.Gone : SignalResult.NotPermitted;
    }

    public Task<bool> WaitForExitAsync(SafeHandle process, TimeSpan limit, CancellationToken cancellation) => ExitWait.StartAsync(process, limit, cancellation);
}
