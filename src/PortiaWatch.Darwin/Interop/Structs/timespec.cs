using System.Runtime.InteropServices;

namespace PortiaWatch.Darwin.Interop;

/// <summary>Seconds and nanoseconds. bsd/sys/_types/_timespec.h.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct timespec
{
    [FieldOffset(0)]
    public long tv_sec;

    [FieldOffset(8)]
    public long tv_nsec;
}
