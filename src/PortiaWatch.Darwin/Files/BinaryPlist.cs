using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace PortiaWatch.Darwin.Files;

/// <summary>
/// Reads the strings of the top dictionary of a binary property list (bplist00): a header, objects, a table of their offsets, a trailer of 32 bytes. Nested values are
/// passed over. Foreign bytes: every offset is checked, nothing is followed twice.
/// </summary>
internal static class BinaryPlist
{
    private const int TrailerSize = 32;
    private const int MostEntries = 4096;

    public static bool IsOne(ReadOnlySpan<byte> file) => file.StartsWith("bplist00"u8);

    public static bool TryReadStrings(ReadOnlySpan<byte> file, [NotNullWhen(true)] out Dictionary<string, string>? strings)
    {
        strings = null;
        if (!IsOne(file) || file.Length < TrailerSize + 8)
            return false;
        ReadOnlySpan<byte> trailer = file[^TrailerSize..];
        int offsetSize = trailer[6];
        int referenceSize = trailer[7];
        ulong objects = BinaryPrimitives.ReadUInt64BigEndian(trailer[8..]);
        ulong top = BinaryPrimitives.ReadUInt64BigEndian(trailer[16..]);
        ulong tableStart = BinaryPrimitives.ReadUInt64BigEndian(trailer[24..]);
        if (offsetSize is < 1 or > 8 || referenceSize is < 1 or > 8 || objects > (ulong)file.Length || top >= objects || tableStart > (ulong)file.Length
            || objects * (ulong)offsetSize > (ulong)file.Length - tableStart)
        {
            return false;
        }

        ReadOnlySpan<byte> table = file.Slice((int)tableStart, (int)objects * offsetSize);
        ReadOnlySpan<byte> body = file[..^TrailerSize];
        if (!TryObject(body, table, offsetSize, top, out ReadOnlySpan<byte> dictionary) || dictionary[0] >> 4 != 0xd || !TryCount(ref dictionary, out int count)
            || count > MostEntries || dictionary.Length < 2L * count * referenceSize)
        {
            return false;
        }

        strings = [];
        for (int i = 0; i < count; i++)
        {
            ulong key = Number(dictionary.Slice(i * referenceSize, referenceSize));
            ulong value = Number(dictionary.Slice((count + i) * referenceSize, referenceSize));
            if (TryText(body, table, offsetSize, key, out string? name) && TryText(body, table, offsetSize, value, out string? text))
                strings[name] = text;
        }

        return true;
    }

    private static bool TryObject(ReadOnlySpan<byte> body, ReadOnlySpan<byte> table, int offsetSize, ulong index, out ReadOnlySpan<byte> found)
    {
        found = default;
        if (index >= (ulong)(table.Length / offsetSize))
            return false;
        ulong offset = Number(table.Slice((int)index * offsetSize, offsetSize));
        if (offset >= (ulong)body.Length)
            return false;
        found = body[(int)offset..];
        return true;
    }

    private static bool TryText(ReadOnlySpan<byte> body, ReadOnlySpan<byte> table, int offsetSize, ulong index, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (!TryObject(body, table, offsetSize, index, out ReadOnlySpan<byte> found))
            return false;
        int kind = found[0] >> 4;
        if (kind is not (0x5 or 0x6) || !TryCount(ref found, out int count))
            return false;
        long bytes = kind == 0x6 ? 2L * count : count;
        if (bytes > found.Length)
            return false;
        text = kind == 0x6 ? Encoding.BigEndianUnicode.GetString(found[..(int)bytes]) : Encoding.ASCII.GetString(found[..(int)bytes]);
        return true;
    }

    // The low half of the marker, or an integer object behind it when that is 15.
    private static bool TryCount(ref ReadOnlySpan<byte> found, out int count)
    {
        count = found[0] & 0xf;
        found = found[1..];
        if (count != 0xf)
            return true;
        if (found.IsEmpty || found[0] >> 4 != 0x1 || (found[0] & 0xf) > 3)
            return false;
        int size = 1 << (found[0] & 0xf);
        if (found.Length < 1 + size)
            return false;
        ulong value = Number(found.Slice(1, size));
        found = found[(1 + size)..];
        count = (int)Math.Min(value, int.MaxValue);
        return value <= int.MaxValue;
    }

    private static ulong Number(ReadOnlySpan<byte> bigEndian)
    {
        ulong value = 0;
        foreach (byte part in bigEndian)
            value = (value << 8) | part;
        return value;
    }
}
