using System.Runtime.InteropServices;

namespace PortiaWatch.Darwin.Interop;

/// <summary>PROC_PIDFDSOCKETINFO. soi_so equals xso_so of the same socket; the port is in the low 16 bits, network order. bsd/sys/proc_info.h.</summary>
[StructLayout(LayoutKind.Explicit, Size = 792)]
internal struct socket_fdinfo
{
    [FieldOffset(160)]
    public ulong psi_soi_so;

    [FieldOffset(168)]
    public ulong psi_soi_pcb;

    [FieldOffset(176)]
    public int psi_soi_type;

    [FieldOffset(180)]
    public int psi_soi_protocol;

    [FieldOffset(184)]
    public int psi_soi_family;

    [FieldOffset(188)]
    public short psi_soi_options;

    [FieldOffset(192)]
    public short psi_soi_state;

    [FieldOffset(256)]
    public int psi_soi_kind;

    [FieldOffset(264)]
    public int psi_soi_proto_pri_in_insi_fport;

    [FieldOffset(268)]
    public int psi_soi_proto_pri_in_insi_lport;

    [FieldOffset(288)]
    public byte psi_soi_proto_pri_in_insi_vflag;

    [FieldOffset(296)]
    public bytes16 psi_soi_proto_pri_in_insi_faddr;

    [FieldOffset(312)]
    public bytes16 psi_soi_proto_pri_in_insi_laddr;

    [FieldOffset(344)]
    public int psi_soi_proto_pri_tcp_tcpsi_state;

    [FieldOffset(280)]
    public byte psi_soi_proto_pri_un_unsi_addr_ua_sun_sun_len;

    [FieldOffset(281)]
    public byte psi_soi_proto_pri_un_unsi_addr_ua_sun_sun_family;

    [FieldOffset(282)]
    public bytes104 psi_soi_proto_pri_un_unsi_addr_ua_sun_sun_path;
}
