using System.Runtime.InteropServices;

namespace PortiaWatch.Darwin.Interop;

/// <summary>kern.proc.pid: the start time of any process, for anybody. bsd/sys/sysctl.h.</summary>
[StructLayout(LayoutKind.Explicit, Size = 648)]
internal struct kinfo_proc
{
    [FieldOffset(0)]
    public long kp_proc_p_un___p_starttime_tv_sec;

    [FieldOffset(8)]
    public int kp_proc_p_un___p_starttime_tv_usec;

    [FieldOffset(36)]
    public sbyte kp_proc_p_stat;

    [FieldOffset(40)]
    public int kp_proc_p_pid;

    [FieldOffset(243)]
    public bytes17 kp_proc_p_comm;

    [FieldOffset(392)]
    public uint kp_eproc_e_pcred_p_ruid;

    [FieldOffset(420)]
    public uint kp_eproc_e_ucred_cr_uid;

    [FieldOffset(560)]
    public int kp_eproc_e_ppid;
}
