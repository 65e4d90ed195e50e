using System.Runtime.InteropServices;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Darwin.Signals;

/// <summary>Stands where nothing may be signalled: pins nothing, sends nothing.</summary>
internal sealed class UnarmedStriker : IStriker
{
    public SafeHandle? Open(ProcessIdentity process) => null;

    public SignalResult Signal(SafeHandle process, ProcessIdentity expected, StopSignal signal) => SignalResult.NotPermitted;

    public Task<bool> WaitForExitAsync(SafeHandle process, TimeSpan limit, CancellationToken cancellation) => Task.FromResult(false);
}
