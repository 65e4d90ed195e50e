using System.Buffers.Binary;
using System.Text;
using PortiaWatch.Linux.Ebpf;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.SystemSensor;

/// <summary>
/// What the system's sensor and a user's watcher say to each other over a SOCK_SEQPACKET socket: each packet is one event as <see cref="EventLayout"/> says, or a note
/// of the sensor, which begins with a time that no event has. The watcher says nothing.
/// </summary>
internal static class SensorProtocol
{
    /// <summary>Below /run, where only root (systemd, for the unit) makes folders.</summary>
    public const string SocketPath = "/run/portia/sensor.sock";

    private const ulong NoteTime = ulong.MaxValue;
    private const int NoteHeadBytes = 16;
    private const int MostLimitBytes = 512;

    /// <summary>Room for every packet.</summary>
    public const int MaxPacketBytes = EventLayout.MaxBytes;

    /// <summary>How many events this watcher has lost, and what the sensor cannot see.</summary>
    public static byte[] Note(long dropped, string? limit)
    {
        byte[] text = Encoding.UTF8.GetBytes(limit ?? "");
        int length = Math.Min(text.Length, MostLimitBytes);
        byte[] note = new byte[NoteHeadBytes + length];
        BinaryPrimitives.WriteUInt64LittleEndian(note, NoteTime);
        BinaryPrimitives.WriteInt64LittleEndian(note.AsSpan(sizeof(ulong)), dropped);
        text.AsSpan(0, length).CopyTo(note.AsSpan(NoteHeadBytes));
        return note;
    }

    public static bool TryReadNote(ReadOnlySpan<byte> packet, out long dropped, out string? limit)
    {
        dropped = 0;
        limit = null;
        if (packet.Length < NoteHeadBytes || BinaryPrimitives.ReadUInt64LittleEndian(packet) != NoteTime)
            return false;
        dropped = Math.Max(0, BinaryPrimitives.ReadInt64LittleEndian(packet[sizeof(ulong)..]));
        string text = Encoding.UTF8.GetString(packet[NoteHeadBytes..]);
        limit = text.Length == 0 ? null : PlainText.Clean(text, MostLimitBytes);
        return true;
    }

    /// <summary>The refused program's real uid, which decides whose watcher may see the event.</summary>
    public static uint UidOf(ReadOnlySpan<byte> anEvent) => BinaryPrimitives.ReadUInt32LittleEndian(anEvent[EventLayout.Uid..]);
}
