using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace PortiaWatch.Pipeline.Detection;

/// <summary>
/// The anchors: strings of four bytes of which every recognised wording contains at least one, without regard to ASCII case. They are grouped into buckets, one bit each, so that
/// one table look-up per byte position tells which buckets are still possible. The grouping was searched for: it keeps false alarms on ordinary logs rare (about one in a thousand bytes).
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

    private static readonly (string Word, int Offset)[][] Plain =
    [
        [("in u", 0), ("in-u", 0), ("inus", 0), ("en u", 0), ("em u", 0), ("busy", 0)],
        [("edan", 0), ("ndpo", 0), ("u00e", 0), ("u00f", 0), ("u011", 0), ("u01b", 0), ("u8a0", 0), ("uc0a", 0), ("uc18", 0), ("u30b", 0), ("nava", 0)],
        [("to (", 0), ("rt 1", 0), ("rt 2", 0), ("rt 3", 0), ("rt 4", 0), ("rt 5", 0), ("rt 6", 0), ("rt 7", 0), ("rt 8", 0), ("rt 9", 0), ("u017", 0), ("\\u03", 0), ("\\u04", 0), ("u4f7", 0), ("u4f5", 0), ("u536", 0), ("u595", 0)],
        [("gebr", 0), ("reit", 0), ("exis", 0)],
        [("in_u", 0), ("soqu", 0), ("ccup", 0), ("ocup", 0), ("u010", 0)],
        [("2740", 0), ("bind", 0), ("boun", 0), ("aken", 0), ("noth", 0)],
        [("sten", 0), ("sock", 0), ("0048", 0), ("tfwd", 0)],
        [("lere", 0), ("e\":[", 0), ("alre", 0), ("\\u1e", 0), ("flic", 0)],
    ];

    // Those with a letter beyond ASCII, which most logs never have: they are looked for only where one is. An anchor is the four bytes from the given offset of the word on, so
    // that it can be read here in its own language.
    private static readonly (string Word, int Offset)[][] Foreign =
    [
        [("ží", 0), ("uży", 0)],
        [("占用", 0), ("套接", 0), ("使用", 0), ("使わ", 0), ("佔用", 0)],
        [("訊端", 0), ("ソケ", 0)],
        [("사용", 0), ("소켓", 0)],
        [("ве", 0), ("за", 0), ("вж", 0), ("рт", 0), ("сп", 0), ("уж", 0), ("ήδ", 0)],
        [("n ús", 0), ("já ", 0), ("está us", 4)],
        [("ượ", 0), ("già", 0), ("käy", 0)],
        [("déjà", 2), ("jęt", 0)],
    ];

    private static readonly byte[][][] PlainBytes = Encode(Plain);
    private static readonly byte[][][] ForeignBytes = Encode(Foreign);
    private static readonly byte[] HashTable = new byte[1 << HashBits];
    private static readonly uint[] Keys = BuildKeys();

    /// <summary>Of the anchors in ASCII. A byte beyond ASCII belongs to no bucket.</summary>
    public static NibbleTables PlainTables { get; } = new(PlainBytes);

    /// <summary>Of the others.</summary>
    public static NibbleTables ForeignTables { get; } = new(ForeignBytes);

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

    private static byte[][][] Encode((string Word, int Offset)[][] buckets)
    {
        var encoded = new byte[buckets.Length][][];
        for (var bucket = 0; bucket < buckets.Length; bucket++)
        {
            encoded[bucket] = new byte[buckets[bucket].Length][];
            for (var i = 0; i < buckets[bucket].Length; i++)
                encoded[bucket][i] = Encoding.UTF8.GetBytes(buckets[bucket][i].Word)[buckets[bucket][i].Offset..(buckets[bucket][i].Offset + Length)];
        }

        return encoded;
    }

    private static uint[] BuildKeys()
    {
        var keys = new uint[Slots];
        foreach (var buckets in (ReadOnlySpan<byte[][][]>)[PlainBytes, ForeignBytes])
        {
            foreach (var bucket in buckets)
            {
                foreach (var anchor in bucket)
                    Put(keys, anchor);
            }
        }

        return keys;
    }

    private static void Put(uint[] keys, byte[] anchor)
    {
        HashTable[Hash(MemoryMarshal.Read<uint>(anchor))] = 1;
        var key = (uint)(anchor[0] << 24 | anchor[1] << 16 | anchor[2] << 8 | anchor[3]);
        var slot = Slot(key);
        while (keys[slot] != 0 && keys[slot] != key)
            slot = (slot + 1) % Slots;
        keys[slot] = key;
    }

    private static int Slot(uint key) => (int)(key * 2654435761u >> (32 - SlotBits));

    private static byte Fold(byte value) => value is >= (byte)'A' and <= (byte)'Z' ? (byte)(value | 0x20) : value;
}
