using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace PortiaWatch.Pipeline.Detection;

/// <summary>
/// The anchors: strings of four bytes of which every recognised wording contains at least one, without regard to ASCII case. They are grouped into eight buckets, one bit
/// each, so that one table look-up per byte position tells which buckets are still possible. The grouping was searched for: it keeps false alarms on ordinary logs rare.
/// </summary>
internal static class Anchors
{
    public const int Length = 4;

    private const int Slots = 512;
    private const int SlotBits = 9;
    private const int HashBits = 12;

    /// <summary>
    /// Letters of other scripts as JSON may escape them (<c>\u00e9</c>): é à ú, č ę, ž ż, Greek, Cyrillic, Vietnamese, 使 佔 占 套 訊, 사 소, ソ. Each translated wording has one.
    /// </summary>
    internal static readonly string[] Escaped =
    [
        "u00e", "u00f", "u010", "u011", "u017", "u01b", "\\u03", "\\u04", "\\u1e", "u4f7", "u4f5", "u536", "u595", "u8a0", "uc0a", "uc18", "u30b",
    ];

    // An anchor is the four bytes from the given offset of the word on, so that it can be read here in its own language.
    private static readonly (string Word, int Offset)[][] Buckets =
    [
        [("in u", 0), ("in_u", 0), ("in-u", 0), ("inus", 0), ("en u", 0), ("em u", 0), ("ží", 0), ("uży", 0), ("占用", 0), ("套接", 0)],
        [("sten", 0), ("sock", 0), ("soqu", 0), ("to ('", 0)],
        [("alre", 0), ("lere", 0), ("e\":[", 0), ("ве", 0), ("за", 0), ("使用", 0), ("使わ", 0), ("佔用", 0)],
        [.. Numbered("rt "), ("n ús", 0), ("ượ", 0), ("già", 0), ("déjà", 2), ("訊端", 0), ("вж", 0), ("рт", 0), ("сп", 0)],
        [("2740", 0), ("dpoi", 0), ("käy", 0), ("사용", 0), ("소켓", 0), .. Escaped.Select(letter => (letter, 0))],
        [("bind", 0), ("boun", 0), ("aken", 0), ("edan", 0), ("1004", 0), ("ήδ", 0)],
        [("noth", 0), ("reit", 0), ("gebr", 0), ("jęt", 0)],
        [("ccup", 0), ("ocup", 0), ("já ", 0), ("xist", 0), ("está us", 4), ("уж", 0), ("ソケ", 0)],
    ];

    private static readonly byte[][] Bytes = BuildBytes();
    private static readonly Vector256<byte>[] Lows = BuildHalves(false);
    private static readonly Vector256<byte>[] Highs = BuildHalves(true);
    private static readonly uint[] Keys = BuildKeys();
    private static readonly byte[] HashTable = BuildHashes();

    /// <summary>For each low half of a byte at <paramref name="position"/> the buckets that may have it there; the same sixteen entries in both lanes.</summary>
    public static Vector256<byte> Low(int position) => Lows[position];

    public static Vector256<byte> High(int position) => Highs[position];

    /// <summary>Not zero where <see cref="Hash"/> of an anchor leads: one look settles nearly every false alarm of the buckets.</summary>
    public static ref byte Hashes => ref MemoryMarshal.GetArrayDataReference(HashTable);

    /// <summary>Of four bytes as they lie in memory; bit 5, which is ASCII case, does not count.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Hash(uint bytes) => (int)((bytes | 0x20202020u) * 2654435761u >> (32 - HashBits));

    /// <summary>True when an anchor stands at <paramref name="position"/>.</summary>
    public static bool IsAt(ReadOnlySpan<byte> text, int position)
    {
        var key = (uint)(Fold(text[position]) << 24 | Fold(text[position + 1]) << 16 | Fold(text[position + 2]) << 8 | Fold(text[position + 3]));
        for (var slot = Slot(key); Keys[slot] != 0; slot = (slot + 1) % Slots)
        {
            if (Keys[slot] == key)
                return true;
        }

        return false;
    }

    private static IEnumerable<(string Word, int Offset)> Numbered(string start) => "123456789".Select(digit => (start + digit, 0));

    private static IEnumerable<byte[]> AnchorsOf(int bucket) => Buckets[bucket].Select(anchor => Encoding.UTF8.GetBytes(anchor.Word)[anchor.Offset..(anchor.Offset + Length)]);

    private static byte[][] BuildBytes()
    {
        var bytes = new byte[Length][];
        for (var position = 0; position < Length; position++)
        {
            bytes[position] = new byte[256];
            for (var bucket = 0; bucket < Buckets.Length; bucket++)
            {
                foreach (var anchor in AnchorsOf(bucket))
                {
                    bytes[position][anchor[position]] |= (byte)(1 << bucket);
                    if (anchor[position] is >= (byte)'a' and <= (byte)'z')
                        bytes[position][anchor[position] & ~0x20] |= (byte)(1 << bucket);
                }
            }
        }

        return bytes;
    }

    private static Vector256<byte>[] BuildHalves(bool isHigh)
    {
        var halves = new Vector256<byte>[Length];
        for (var position = 0; position < Length; position++)
        {
            var table = new byte[32];
            for (var value = 0; value < 256; value++)
            {
                table[isHigh ? value >> 4 : value & 15] |= Bytes[position][value];
                table[16 + (isHigh ? value >> 4 : value & 15)] |= Bytes[position][value];
            }

            halves[position] = Vector256.Create(table);
        }

        return halves;
    }

    private static byte[] BuildHashes()
    {
        var hashes = new byte[1 << HashBits];
        for (var bucket = 0; bucket < Buckets.Length; bucket++)
        {
            foreach (var anchor in AnchorsOf(bucket))
                hashes[Hash(MemoryMarshal.Read<uint>(anchor))] = 1;
        }

        return hashes;
    }

    private static uint[] BuildKeys()
    {
        var keys = new uint[Slots];
        for (var bucket = 0; bucket < Buckets.Length; bucket++)
        {
            foreach (var anchor in AnchorsOf(bucket))
            {
                var key = (uint)(anchor[0] << 24 | anchor[1] << 16 | anchor[2] << 8 | anchor[3]);
                var slot = Slot(key);
                while (keys[slot] != 0 && keys[slot] != key)
                    slot = (slot + 1) % Slots;
                keys[slot] = key;
            }
        }

        return keys;
    }

    private static int Slot(uint key) => (int)(key * 2654435761u >> (32 - SlotBits));

    private static byte Fold(byte value) => value is >= (byte)'A' and <= (byte)'Z' ? (byte)(value | 0x20) : value;
}
