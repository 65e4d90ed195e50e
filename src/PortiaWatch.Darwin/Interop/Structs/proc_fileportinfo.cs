using System.Runtime.InteropServices;

namespace PortiaWatch.Darwin.Interop;

/// <summary>One entry of PROC_PIDLISTFILEPORTS. bsd/sys/proc_info.h.</summary>
[StructLayout(LayoutKind.Explicit, Size = 8)]
internal struct proc_fileportinfo
{
    [FieldOffset(0)]
    public uint proc_fileport;

    [FieldOffset(4)]
    public uint proc_fdtype;
}
