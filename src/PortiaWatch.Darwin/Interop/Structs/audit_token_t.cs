using System.Runtime.InteropServices;

namespace PortiaWatch.Darwin.Interop;

/// <summary>Of its eight words proc_signal_with_audittoken reads two: val[5], the pid, and val[7], the pid version. osfmk/mach/message.h.</summary>
[StructLayout(LayoutKind.Explicit, Size = 32)]
internal struct audit_token_t
{
    [FieldOffset(20)]
    public int val_5;

    [FieldOffset(28)]
    public int val_7;
}
