using System.Runtime.InteropServices;

namespace PortiaWatch.Darwin.Interop;

/// <summary>For kevent64(2). bsd/sys/event.h.</summary>
[StructLayout(LayoutKind.Explicit, Size = 48)]
internal struct kevent64_s
{
    [FieldOffset(0)]
    public ulong ident;

    [FieldOffset(8)]
    public short filter;

    [FieldOffset(10)]
    public ushort flags;

    [FieldOffset(12)]
    public uint fflags;

    [FieldOffset(16)]
    public long data;

    [FieldOffset(24)]
    public ulong udata;

    [FieldOffset(32)]
    public ulong2 ext;
}
