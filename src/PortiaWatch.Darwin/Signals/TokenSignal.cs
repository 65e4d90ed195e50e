using System.Runtime.InteropServices;
using PortiaWatch.Darwin.Interop;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Darwin.Signals;

/// <summary>
/// proc_signal_with_audittoken, since macOS 14.2: the kernel compares pid and pid version while it holds the process, so that neither a recycled pid nor a program that
/// exec put in place can be hit. Looked up at run time, because older systems do not export it.
/// </summary>
internal sealed unsafe class TokenSignal
{
    public const string Symbol = "proc_signal_with_audittoken";

    private readonly delegate* unmanaged<audit_token_t*, int, int> _call;

    private TokenSignal(nint address) => _call = (delegate* unmanaged<audit_token_t*, int, int>)address;

    /// <summary>Null on a system without it.</summary>
    /// <param name="library">Handle of libSystem; 0 when it could not be loaded.</param>
    public static TokenSignal? Find(nint library) =>
        library != 0 && NativeLibrary.TryGetExport(library, Symbol, out nint address) ? new TokenSignal(address) : null;

    /// <summary>Returns 0 or an errno value: ESRCH for gone, zombie, recycled or replaced by exec.</summary>
    /// <param name="process">With its image, which is the pid version.</param>
    /// <param name="signal">1 to 31; there is no probing with 0.</param>
    public int Send(ProcessIdentity process, int signal)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(process.Pid, 2);
        audit_token_t token = new() { val_5 = process.Pid, val_7 = (int)(process.Image ?? throw new ArgumentException("The pid version is not known.", nameof(process))) };
        return _call(&token, signal);
    }
}
