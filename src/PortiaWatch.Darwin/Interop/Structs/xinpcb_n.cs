using System.Runtime.InteropServices;

namespace PortiaWatch.Darwin.Interop;

/// <summary>One protocol control block. Ports and addresses are in network order; an IPv4 address is the last four bytes of its union. bsd/netinet/in_pcb.h.</summary>
[StructLayout(LayoutKind.Explicit, Size = 104)]
internal struct xinpcb_n
{
    [FieldOffset(0)]
    public uint xi_len;

    [FieldOffset(4)]
    public uint xi_kind;

    [FieldOffset(8)]
    public ulong xi_inpp;

    [FieldOffset(16)]
    public ushort inp_fport;

    [FieldOffset(18)]
    public ushort inp_lport;

    [FieldOffset(28)]
    public ulong inp_gencnt;

    [FieldOffset(36)]
    public int inp_flags;

    [FieldOffset(44)]
    public byte inp_vflag;

    [FieldOffset(46)]
    public byte inp_ip_p;

    [FieldOffset(48)]
    public bytes16 inp_dependfaddr;

    [FieldOffset(64)]
    public bytes16 inp_dependladdr;

    [FieldOffset(100)]
    public uint inp_flags2;
}
