using System.Runtime.InteropServices;

namespace PortiaWatch.Linux.Interop;

/// <summary><c>struct perf_event_attr</c> as its first version had it (PERF_ATTR_SIZE_VER0), which every kernel takes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PerfEventAttributes
{
    public uint type;
    public uint size;
    public ulong config;
    public ulong sample_period;
    public ulong sample_type;
    public ulong read_format;
    public ulong flags;
    public uint wakeup_events;
    public uint bp_type;
    public ulong config1;
}
