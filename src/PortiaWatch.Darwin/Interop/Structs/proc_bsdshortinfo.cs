using System.Runtime.InteropServices;

namespace PortiaWatch.Darwin.Interop;

/// <summary>PROC_PIDT_SHORTBSDINFO: of any process, for anybody. bsd/sys/proc_info.h.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal struct proc_bsdshortinfo
{
    [FieldOffset(0)]
    public uint pbsi_pid;

    [FieldOffset(4)]
    public uint pbsi_ppid;

    [FieldOffset(8)]
    public uint pbsi_pgid;

    [FieldOffset(12)]
    public uint pbsi_status;

    [FieldOffset(16)]
    public bytes16 pbsi_comm;

    [FieldOffset(32)]
    public uint pbsi_flags;

    [FieldOffset(36)]
    public uint pbsi_uid;

    [FieldOffset(44)]
    public uint pbsi_ruid;

    [FieldOffset(52)]
    public uint pbsi_svuid;
}
