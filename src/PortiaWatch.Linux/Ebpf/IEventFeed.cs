using Microsoft.Win32.SafeHandles;

namespace PortiaWatch.Linux.Ebpf;

/// <summary>The kernel's events, each as <see cref="EventLayout"/> says: out of a ring of our own, or passed on by the system's sensor. For one thread.</summary>
internal interface IEventFeed : IDisposable
{
    /// <summary>Readable while events wait.</summary>
    SafeFileHandle Readable { get; }

    /// <summary>Bytes that wait to be read, as far as that is known.</summary>
    long Backlog { get; }

    /// <summary>Events that were lost before they could be read, since the start.</summary>
    long Dropped { get; }

    /// <summary>What is not seen, one plain sentence; null when everything is.</summary>
    string? Limit { get; }

    /// <summary>The next event, cut to the buffer; false when none waits. Throws <see cref="IOException"/> when no more can come.</summary>
    bool TryRead(Span<byte> buffer, out int lengthBytes);
}
