using System.Runtime.InteropServices;

namespace PortiaWatch.Darwin.Interop;

/// <summary>BSD layout: length first, then family. bsd/netinet6/in6.h.</summary>
[StructLayout(LayoutKind.Explicit, Size = 28)]
internal struct sockaddr_in6
{
    [FieldOffset(0)]
    public byte sin6_len;

    [FieldOffset(1)]
    public byte sin6_family;

    [FieldOffset(2)]
    public ushort sin6_port;

    [FieldOffset(8)]
    public bytes16 sin6_addr;

    [FieldOffset(24)]
    public uint sin6_scope_id;
}
