using System.Runtime.InteropServices;

namespace PortiaWatch.Linux.Interop;

/// <summary>The part of <c>union bpf_attr</c> that the BPF_MAP_*_ELEM commands read (linux/bpf.h). The pointers are 64 bit wide on every machine.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BpfElementAttributes
{
    public uint map_fd;
    private readonly uint _padding;
    public ulong key;
    public ulong value;
    public ulong flags;
}
