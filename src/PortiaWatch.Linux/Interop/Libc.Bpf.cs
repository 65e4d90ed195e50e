using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PortiaWatch.Linux.Interop;

/// <summary>bpf(2), which has no wrapper in libc. Names and numbers from linux/bpf.h.</summary>
internal static unsafe partial class Libc
{
    public const uint BPF_MAP_CREATE = 0;
    public const uint BPF_MAP_LOOKUP_ELEM = 1;
    public const uint BPF_PROG_LOAD = 5;

    public const uint BPF_MAP_TYPE_ARRAY = 2;
    public const uint BPF_MAP_TYPE_PERCPU_ARRAY = 6;
    public const uint BPF_MAP_TYPE_LRU_HASH = 9;
    public const uint BPF_MAP_TYPE_RINGBUF = 27;

    public const uint BPF_PROG_TYPE_TRACEPOINT = 5;

    /// <summary>Top bits of the length word in front of each ring record.</summary>
    public const uint BPF_RINGBUF_BUSY_BIT = 1u << 31;
    public const uint BPF_RINGBUF_DISCARD_BIT = 1u << 30;
    public const int BPF_RINGBUF_HDR_SZ = 8;

    /// <summary>Null when the kernel refused; <paramref name="errno"/> then says why.</summary>
    public static SafeFileHandle? bpf_map_create(in BpfMapAttributes attributes, out int errno)
    {
        fixed (BpfMapAttributes* pointer = &attributes)
            return Own(bpf(BPF_MAP_CREATE, pointer, (nuint)sizeof(BpfMapAttributes)), out errno);
    }

    /// <inheritdoc cref="bpf_map_create"/>
    public static SafeFileHandle? bpf_prog_load(in BpfProgramAttributes attributes, out int errno)
    {
        fixed (BpfProgramAttributes* pointer = &attributes)
            return Own(bpf(BPF_PROG_LOAD, pointer, (nuint)sizeof(BpfProgramAttributes)), out errno);
    }

    public static bool bpf_map_lookup_elem(SafeFileHandle map, uint key, out ulong value)
    {
        ulong found = 0;
        BpfElementAttributes attributes = new()
        {
            map_fd = (uint)map.DangerousGetHandle(),
            key = (ulong)&key,
            value = (ulong)&found,
        };
        bool success = bpf(BPF_MAP_LOOKUP_ELEM, &attributes, (nuint)sizeof(BpfElementAttributes)) == 0;
        GC.KeepAlive(map);
        value = found;
        return success;
    }

    private static nint bpf(uint command, void* attributes, nuint size) => syscall(SystemCall.Bpf, command, attributes, size);

    private static SafeFileHandle? Own(nint descriptor, out int errno)
    {
        errno = descriptor < 0 ? Marshal.GetLastPInvokeError() : 0;
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint syscall(nint number, uint command, void* attributes, nuint size);
}
