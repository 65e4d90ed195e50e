using System.Runtime.InteropServices;

namespace PortiaWatch.Darwin.Interop;

/// <summary>The TCP part of a control block; only the state matters here. bsd/netinet/tcp_var.h.</summary>
[StructLayout(LayoutKind.Explicit, Size = 204)]
internal struct xtcpcb_n
{
    [FieldOffset(0)]
    public uint xt_len;

    [FieldOffset(4)]
    public uint xt_kind;

    [FieldOffset(36)]
    public int t_state;
}
