using Microsoft.Win32.SafeHandles;

namespace PortiaWatch.Linux.Ebpf;

/// <summary>The maps that the programs and we share. They live as long as a descriptor or a loaded program refers to them.</summary>
internal sealed record SensorMaps : IDisposable
{
    public required SafeFileHandle Ring { get; init; }

    public required int RingBytes { get; init; }

    /// <summary>One u64: events that found the ring full.</summary>
    public required SafeFileHandle Dropped { get; init; }

    /// <summary>Per processor, where an event is put together before it is copied into the ring; a program is never interrupted by another of its kind.</summary>
    public required SafeFileHandle Scratch { get; init; }

    /// <summary>Thread → the arguments at the entry; null where the registers tell them at the exit.</summary>
    public SafeFileHandle? Arguments { get; init; }

    public void Dispose()
    {
        Ring.Dispose();
        Dropped.Dispose();
        Scratch.Dispose();
        Arguments?.Dispose();
    }
}
