using System.Buffers.Binary;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Ebpf;

/// <summary>
/// The last refusals by the bytes of their events. A program that tries again and again sends the same bytes but for time, thread and the socket's inode: it is read
/// once a second, and what comes in between is the same but for its time. For one thread.
/// </summary>
internal sealed class Repeats
{
    private const ulong FreshNanoseconds = 1_000_000_000;
    private const int Slots = 64;

    private readonly (byte[]? Bytes, LogRecord? Record)[] _known = new (byte[]?, LogRecord?)[Slots];

    /// <summary>Null when it is news. The bytes hold a whole head.</summary>
    public LogRecord? Find(ReadOnlySpan<byte> bytes)
    {
        (byte[]? Bytes, LogRecord? Record) known = _known[SlotOf(bytes)];
        return known.Bytes is { } other && bytes.Length == other.Length
            && TimeOf(bytes) - TimeOf(other) < FreshNanoseconds
            && bytes[EventLayout.Process..EventLayout.Inode].SequenceEqual(other.AsSpan(EventLayout.Process..EventLayout.Inode))
            && bytes[EventLayout.Started..].SequenceEqual(other.AsSpan(EventLayout.Started))
            ? known.Record
            : null;
    }

    public void Keep(ReadOnlySpan<byte> bytes, LogRecord record) => _known[SlotOf(bytes)] = (bytes.ToArray(), record);

    private static int SlotOf(ReadOnlySpan<byte> bytes) =>
        (BinaryPrimitives.ReadInt32LittleEndian(bytes[EventLayout.Process..]) ^ BinaryPrimitives.ReadInt32LittleEndian(bytes[EventLayout.Descriptor..])) & (Slots - 1);

    private static ulong TimeOf(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[EventLayout.Time..]);
}
