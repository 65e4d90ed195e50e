using System.Buffers;
using System.Text;

namespace PortiaWatch.Top;

/// <summary>What a terminal sends for a key: a byte, UTF-8, or an escape sequence (ECMA-48; arrows in either keypad mode).</summary>
internal static class KeyCodes
{
    private const byte Escape = 0x1b;

    // Longer than any that a terminal sends.
    private const int LongestSequence = 32;

    /// <summary>Bytes that the first key takes; 0 when it is not complete yet.</summary>
    public static int Read(ReadOnlySpan<byte> bytes, out Key key)
    {
        key = Key.Of(KeyName.Other);
        if (bytes.IsEmpty)
            return 0;
        if (bytes[0] == Escape)
            return ReadSequence(bytes, out key);
        if (bytes[0] is < 0x20 or 0x7f)
        {
            key = Key.Of(Control(bytes[0]));
            return 1;
        }

        OperationStatus status = Rune.DecodeFromUtf8(bytes, out Rune rune, out int used);
        if (status == OperationStatus.NeedMoreData)
            return 0;
        if (status == OperationStatus.Done && !Rune.IsControl(rune))
            key = new Key(KeyName.Character, rune);
        return used;
    }

    private static KeyName Control(byte code) => code switch
    {
        0x03 => KeyName.Interrupt,
        0x08 or 0x7f => KeyName.Backspace,
        0x09 => KeyName.Tab,
        0x0a or 0x0d => KeyName.Enter,
        0x0c => KeyName.Redraw,
        0x1a => KeyName.Suspend,
        _ => KeyName.Other,
    };

    private static int ReadSequence(ReadOnlySpan<byte> bytes, out Key key)
    {
        key = Key.Of(KeyName.Other);
        if (bytes.Length == 1)
            return 0;
        if (bytes[1] == (byte)'O')
        {
            if (bytes.Length == 2)
                return 0;
            key = Key.Of(Named(bytes[2]));
            return 3;
        }

        if (bytes[1] != (byte)'[')
        {
            key = Key.Of(KeyName.Escape);
            return 1;
        }

        int end = bytes[2..].IndexOfAnyInRange((byte)0x40, (byte)0x7e);
        if (end < 0)
            return bytes.Length < LongestSequence ? 0 : bytes.Length;
        end += 2;
        key = Key.Of(bytes[end] == (byte)'~' ? Numbered(bytes[2..end]) : Named(bytes[end]));
        return end + 1;
    }

    private static KeyName Named(byte final) => final switch
    {
        (byte)'A' => KeyName.Up,
        (byte)'B' => KeyName.Down,
        (byte)'H' => KeyName.Home,
        (byte)'F' => KeyName.End,
        (byte)'M' => KeyName.Enter,
        (byte)'Z' => KeyName.Tab,
        _ => KeyName.Other,
    };

    private static KeyName Numbered(ReadOnlySpan<byte> number) => number switch
    {
        [(byte)'1' or (byte)'7'] => KeyName.Home,
        [(byte)'4' or (byte)'8'] => KeyName.End,
        [(byte)'5'] => KeyName.PageUp,
        [(byte)'6'] => KeyName.PageDown,
        _ => KeyName.Other,
    };
}
