using System.Runtime.InteropServices;

namespace PortiaWatch.Darwin.Interop;

/// <summary>PROC_PIDVNODEPATHINFO: the working directory, NUL-terminated. bsd/sys/proc_info.h.</summary>
[StructLayout(LayoutKind.Explicit, Size = 2352)]
internal struct proc_vnodepathinfo
{
    [FieldOffset(152)]
    public bytes1024 pvi_cdir_vip_path;
}
