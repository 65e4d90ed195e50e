using System.Runtime.InteropServices;

namespace PortiaWatch.Darwin.Interop;

/// <summary>BSD layout: length first, then family. bsd/netinet/in.h.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct sockaddr_in
{
    [FieldOffset(0)]
    public byte sin_len;

    [FieldOffset(1)]
    public byte sin_family;

    [FieldOffset(2)]
    public ushort sin_port;

    [FieldOffset(4)]
    public bytes4 sin_addr;
}
