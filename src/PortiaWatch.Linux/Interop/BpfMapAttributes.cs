using System.Runtime.InteropServices;

namespace PortiaWatch.Linux.Interop;

/// <summary>The part of <c>union bpf_attr</c> that BPF_MAP_CREATE reads (linux/bpf.h), up to the name.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BpfMapAttributes
{
    public uint map_type;
    public uint key_size;
    public uint value_size;
    public uint max_entries;
    public uint map_flags;
    public uint inner_map_fd;
    public uint numa_node;
    public BpfObjectName map_name;
}
