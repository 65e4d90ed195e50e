using System.Runtime.InteropServices;

namespace PortiaWatch.Darwin.Interop;

/// <summary>Header and trailer of a pcblist_n stream. bsd/netinet/in_pcb.h.</summary>
[StructLayout(LayoutKind.Explicit, Size = 24)]
internal struct xinpgen
{
    [FieldOffset(0)]
    public uint xig_len;

    [FieldOffset(4)]
    public uint xig_count;

    [FieldOffset(8)]
    public ulong xig_gen;

    [FieldOffset(16)]
    public ulong xig_sogen;
}
