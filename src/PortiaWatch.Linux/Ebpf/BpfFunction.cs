namespace PortiaWatch.Linux.Ebpf;

/// <summary>The kernel's helper functions that the programs call, by number (linux/bpf.h), with the Linux version each came with.</summary>
internal enum BpfFunction
{
    /// <summary>3.19: (map, key) → value or null.</summary>
    MapLookup = 1,

    /// <summary>3.19: (map, key, value, flags).</summary>
    MapUpdate = 2,

    /// <summary>4.1: CLOCK_MONOTONIC in nanoseconds.</summary>
    MonotonicTime = 5,

    /// <summary>4.2: thread group in the upper half, thread in the lower, both in the first pid namespace.</summary>
    CurrentPidTgid = 14,

    /// <summary>4.2: real gid in the upper half, real uid in the lower.</summary>
    CurrentUidGid = 15,

    /// <summary>4.2: (buffer, size).</summary>
    CurrentCommand = 16,

    /// <summary>4.8: the current task as a plain number, to be followed with <see cref="ReadKernel"/>.</summary>
    CurrentTaskAddress = 35,

    /// <summary>5.5: (destination, size, user address) → 0, or negative when the page is not there; then the destination is zeroed.</summary>
    ReadUser = 112,

    /// <summary>5.5: (destination, size, kernel address), as <see cref="ReadUser"/>. Not given out under lockdown=confidentiality.</summary>
    ReadKernel = 113,

    /// <summary>5.8: (ring, data, size, flags) → 0, or negative when the ring is full.</summary>
    RingOutput = 130,

    /// <summary>5.11: the current task as a pointer whose type the verifier knows; needs BTF in the kernel.</summary>
    CurrentTask = 158,

    /// <summary>5.15: (task) → its user registers.</summary>
    TaskRegisters = 175,
}
