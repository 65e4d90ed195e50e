using System.Buffers.Binary;

namespace PortiaWatch.Linux.Ebpf;

/// <summary>
/// Layout of the running kernel's structures, read from BTF (Documentation/bpf/btf.rst; /sys/kernel/btf/vmlinux). A parser of foreign bytes: malformed input
/// gives null or false, never an exception.
/// </summary>
internal sealed class KernelTypes
{
    private const int HeaderBytes = 24;
    private const int TypeBytes = 12;
    private const int MemberBytes = 12;
    private const int MaxNesting = 16;
    private const int KindStruct = 4;
    private const int KindUnion = 5;
    private const int KindTypedef = 8;
    private const int KindVolatile = 9;
    private const int KindConst = 10;
    private const int KindRestrict = 11;

    // What follows the common 12 bytes: fixed, or per element (counted by vlen).
    private static readonly int[] s_fixedBytes = [0, 4, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 4, 0, 0];
    private static readonly int[] s_elementBytes = [0, 0, 0, 0, 12, 12, 8, 0, 0, 0, 0, 0, 0, 8, 0, 12, 0, 0, 0, 12];

    private readonly byte[] _bytes;
    private readonly int[] _offsets;
    private readonly int _stringsStart;
    private readonly int _stringsEnd;

    private KernelTypes(byte[] bytes, int[] offsets, int stringsStart, int stringsEnd)
    {
        _bytes = bytes;
        _offsets = offsets;
        _stringsStart = stringsStart;
        _stringsEnd = stringsEnd;
    }

    /// <summary>Null when the bytes are not BTF, or of a kind that came later and cannot be stepped over.</summary>
    public static KernelTypes? Parse(byte[] bytes)
    {
        ReadOnlySpan<byte> span = bytes;
        if (span.Length < HeaderBytes || BinaryPrimitives.ReadUInt16LittleEndian(span) != 0xeb9f)
            return null;
        long header = BinaryPrimitives.ReadUInt32LittleEndian(span[4..]);
        long types = header + BinaryPrimitives.ReadUInt32LittleEndian(span[8..]);
        long typesEnd = types + BinaryPrimitives.ReadUInt32LittleEndian(span[12..]);
        long strings = header + BinaryPrimitives.ReadUInt32LittleEndian(span[16..]);
        long stringsEnd = strings + BinaryPrimitives.ReadUInt32LittleEndian(span[20..]);
        if (header < HeaderBytes || typesEnd > span.Length || stringsEnd > span.Length)
            return null;

        // Type 0 is void and stands nowhere.
        List<int> offsets = [-1];
        int at = (int)types;
        while (at + TypeBytes <= typesEnd)
        {
            offsets.Add(at);
            uint info = BinaryPrimitives.ReadUInt32LittleEndian(span[(at + 4)..]);
            int kind = (int)(info >> 24) & 0x1f;
            if (kind >= s_fixedBytes.Length)
                return null;
            at += TypeBytes + s_fixedBytes[kind] + ((int)(info & 0xffff) * s_elementBytes[kind]);
        }

        return at == typesEnd ? new KernelTypes(bytes, [.. offsets], (int)strings, (int)stringsEnd) : null;
    }

    /// <summary>Id of the structure with this name; 0 when there is none.</summary>
    public int Find(ReadOnlySpan<byte> name)
    {
        for (int id = 1; id < _offsets.Length; id++)
        {
            if (Kind(id) == KindStruct && HasName(NameOffset(_offsets[id]), name))
                return id;
        }

        return 0;
    }

    /// <summary>Byte offset of a member, given as path (<c>__sk_common.skc_num</c>) through embedded structures; members of nameless ones count as the outer one's own.</summary>
    public bool TryOffset(int type, ReadOnlySpan<byte> path, out int offsetBytes)
    {
        offsetBytes = 0;
        while (true)
        {
            int dot = path.IndexOf((byte)'.');
            if (!TryMember(type, dot < 0 ? path : path[..dot], 0, out int bits, out type) || bits % 8 != 0)
                return false;
            offsetBytes += bits / 8;
            if (dot < 0)
                return true;
            path = path[(dot + 1)..];
        }
    }

    private bool TryMember(int type, ReadOnlySpan<byte> name, int depth, out int offsetBits, out int memberType)
    {
        offsetBits = 0;
        memberType = 0;
        type = WithoutModifiers(type);
        if (type <= 0 || type >= _offsets.Length || Kind(type) is not (KindStruct or KindUnion) || depth > MaxNesting)
            return false;
        uint info = ReadUInt32(_offsets[type] + 4);
        bool hasBitfields = info >> 31 != 0;
        int first = _offsets[type] + TypeBytes;
        for (int i = 0; i < (int)(info & 0xffff); i++)
        {
            int member = first + (i * MemberBytes);
            int nameOffset = NameOffset(member);
            memberType = (int)ReadUInt32(member + 4);
            uint packed = ReadUInt32(member + 8);
            offsetBits = (int)(hasBitfields ? packed & 0xffffff : packed);
            if (nameOffset != 0)
            {
                if (HasName(nameOffset, name))
                    return true;
            }
            else if (TryMember(memberType, name, depth + 1, out int inner, out int innerType))
            {
                offsetBits += inner;
                memberType = innerType;
                return true;
            }
        }

        return false;
    }

    private int WithoutModifiers(int type)
    {
        for (int i = 0; i < MaxNesting && type > 0 && type < _offsets.Length; i++)
        {
            if (Kind(type) is not (KindTypedef or KindVolatile or KindConst or KindRestrict))
                break;
            type = (int)ReadUInt32(_offsets[type] + 8);
        }

        return type;
    }

    private int Kind(int type) => (int)(ReadUInt32(_offsets[type] + 4) >> 24) & 0x1f;

    private int NameOffset(int at) => (int)ReadUInt32(at);

    private bool HasName(int offset, ReadOnlySpan<byte> name)
    {
        long start = (long)_stringsStart + (uint)offset;
        return start + name.Length < _stringsEnd
            && _bytes.AsSpan((int)start, name.Length).SequenceEqual(name)
            && _bytes[(int)start + name.Length] == 0;
    }

    private uint ReadUInt32(int at) => BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(at));
}
