using System.Runtime.InteropServices;

namespace PortiaWatch.Darwin.Interop;

/// <summary>PROC_PIDTBSDINFO: same user or root. pbi_uid is the effective uid. bsd/sys/proc_info.h.</summary>
[StructLayout(LayoutKind.Explicit, Size = 136)]
internal struct proc_bsdinfo
{
    [FieldOffset(0)]
    public uint pbi_flags;

    [FieldOffset(4)]
    public uint pbi_status;

    [FieldOffset(12)]
    public uint pbi_pid;

    [FieldOffset(16)]
    public uint pbi_ppid;

    [FieldOffset(20)]
    public uint pbi_uid;

    [FieldOffset(28)]
    public uint pbi_ruid;

    [FieldOffset(36)]
    public uint pbi_svuid;

    [FieldOffset(48)]
    public bytes16 pbi_comm;

    [FieldOffset(64)]
    public bytes32 pbi_name;

    [FieldOffset(100)]
    public uint pbi_pgid;

    [FieldOffset(120)]
    public ulong pbi_start_tvsec;

    [FieldOffset(128)]
    public ulong pbi_start_tvusec;
}
