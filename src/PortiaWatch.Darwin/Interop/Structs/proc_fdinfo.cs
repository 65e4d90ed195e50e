using System.Runtime.InteropServices;

namespace PortiaWatch.Darwin.Interop;

/// <summary>One entry of PROC_PIDLISTFDS. bsd/sys/proc_info.h.</summary>
[StructLayout(LayoutKind.Explicit, Size = 8)]
internal struct proc_fdinfo
{
    [FieldOffset(0)]
    public int proc_fd;

    [FieldOffset(4)]
    public uint proc_fdtype;
}
