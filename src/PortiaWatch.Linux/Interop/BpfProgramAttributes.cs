using System.Runtime.InteropServices;

namespace PortiaWatch.Linux.Interop;

/// <summary>The part of <c>union bpf_attr</c> that BPF_PROG_LOAD reads (linux/bpf.h), up to the name.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BpfProgramAttributes
{
    public uint prog_type;
    public uint insn_cnt;
    public ulong insns;
    public ulong license;
    public uint log_level;
    public uint log_size;
    public ulong log_buf;
    public uint kern_version;
    public uint prog_flags;
    public BpfObjectName prog_name;
}
