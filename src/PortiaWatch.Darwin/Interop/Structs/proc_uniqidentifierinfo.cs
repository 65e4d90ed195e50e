using System.Runtime.InteropServices;

namespace PortiaWatch.Darwin.Interop;

/// <summary>PROC_PIDUNIQIDENTIFIERINFO: p_uniqueid lives as long as the process, p_idversion (macOS 11) is bumped by every exec. bsd/sys/proc_info_private.h.</summary>
[StructLayout(LayoutKind.Explicit, Size = 56)]
internal struct proc_uniqidentifierinfo
{
    [FieldOffset(16)]
    public ulong p_uniqueid;

    [FieldOffset(24)]
    public ulong p_puniqueid;

    [FieldOffset(32)]
    public int p_idversion;
}
