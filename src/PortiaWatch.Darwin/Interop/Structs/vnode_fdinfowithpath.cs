using System.Runtime.InteropServices;

namespace PortiaWatch.Darwin.Interop;

/// <summary>PROC_PIDFDVNODEPATHINFO of one of our own descriptors: device and inode without struct stat, whose symbol differs between the two architectures. bsd/sys/proc_info.h.</summary>
[StructLayout(LayoutKind.Explicit, Size = 1200)]
internal struct vnode_fdinfowithpath
{
    [FieldOffset(24)]
    public uint pvip_vip_vi_vi_stat_vst_dev;

    [FieldOffset(32)]
    public ulong pvip_vip_vi_vi_stat_vst_ino;
}
