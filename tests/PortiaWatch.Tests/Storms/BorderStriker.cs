using System.Runtime.InteropServices;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Tests.Storms;

/// <summary>The system's own, with a border before and after each step.</summary>
internal sealed class BorderStriker(IStriker inner, Border border) : IStriker
{
    public SafeHandle? Open(ProcessIdentity process)
    {
        SafeHandle? handle = inner.Open(process);
        border.Reach(Border.Pinned);
        return handle;
    }

    public SignalResult Signal(SafeHandle process, ProcessIdentity expected, StopSignal signal)
    {
        border.Reach(Border.Signalling);
        SignalResult result = inner.Signal(process, expected, signal);
        border.Reach(Border.Signalled);
        return result;
    }

    public async Task<bool> WaitForExitAsync(SafeHandle process, TimeSpan limit, CancellationToken cancellation)
    {
        bool hasExited = await inner.WaitForExitAsync(process, limit, cancellation);
        border.Reach(Border.Exited);
        return hasExited;
    }

    public string? ExplainRefusal(ProcessIdentity process) => inner.ExplainRefusal(process);
}
