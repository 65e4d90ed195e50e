using System.Runtime.InteropServices;

namespace PortiaWatch.Darwin.Interop;

/// <summary>The socket of a control block. 76 bytes long before macOS 13: nothing after so_e_pid. bsd/sys/socketvar.h.</summary>
[StructLayout(LayoutKind.Explicit, Size = 104)]
internal struct xsocket_n
{
    [FieldOffset(0)]
    public uint xso_len;

    [FieldOffset(4)]
    public uint xso_kind;

    [FieldOffset(8)]
    public ulong xso_so;

    [FieldOffset(16)]
    public short so_type;

    [FieldOffset(20)]
    public uint so_options;

    [FieldOffset(26)]
    public short so_state;

    [FieldOffset(36)]
    public int xso_protocol;

    [FieldOffset(40)]
    public int xso_family;

    [FieldOffset(44)]
    public short so_qlen;

    [FieldOffset(48)]
    public short so_qlimit;

    [FieldOffset(64)]
    public uint so_uid;

    [FieldOffset(68)]
    public int so_last_pid;

    [FieldOffset(72)]
    public int so_e_pid;

    [FieldOffset(76)]
    public ulong so_gencnt;
}
