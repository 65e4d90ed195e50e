using System.Runtime.InteropServices;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline;

/// <summary>Signals and exits: the one place of a platform that can end a process. Only the strike protocol calls it.</summary>
public interface IStriker
{
    /// <summary>
    /// Pins the process: a handle (pidfd, kqueue) that stays tied to this very process however long it lives. Null when it is gone or its identity differs.
    /// The caller owns the handle.
    /// </summary>
    SafeHandle? Open(ProcessIdentity process);

    /// <summary>Re-reads the identity, compares, and signals through the handle, with nothing in between.</summary>
    SignalResult Signal(SafeHandle process, ProcessIdentity expected, StopSignal signal);

    /// <summary>Waits for the exit on the handle, without polling. False when <paramref name="limit"/> passed first.</summary>
    Task<bool> WaitForExitAsync(SafeHandle process, TimeSpan limit, CancellationToken cancellation);

    /// <summary>Why the system refused a signal to this process, as one plain sentence; null when the platform knows no more than that it did.</summary>
    string? ExplainRefusal(ProcessIdentity process) => null;
}
