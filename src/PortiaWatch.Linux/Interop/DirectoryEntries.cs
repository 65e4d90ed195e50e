using System.Buffers.Binary;

namespace PortiaWatch.Linux.Interop;

/// <summary>Walks the struct linux_dirent64 records that getdents64(2) left in a buffer: u64 inode, s64 offset, u16 length, u8 type, name with its zero.</summary>
internal ref struct DirectoryEntries(ReadOnlySpan<byte> records)
{
    private const int NameOffset = 19;

    private ReadOnlySpan<byte> _rest = records;

    public ReadOnlySpan<byte> Name { get; private set; }

    public ulong Inode { get; private set; }

    /// <summary>DT_ constant.</summary>
    public byte Type { get; private set; }

    public bool MoveNext()
    {
        if (_rest.Length < NameOffset + 1)
            return false;
        int length = BinaryPrimitives.ReadUInt16LittleEndian(_rest[16..]);
        if (length <= NameOffset || length > _rest.Length)
            return false;
        Inode = BinaryPrimitives.ReadUInt64LittleEndian(_rest);
        Type = _rest[18];
        ReadOnlySpan<byte> name = _rest[NameOffset..length];
        int end = name.IndexOf((byte)0);
        Name = end < 0 ? name : name[..end];
        _rest = _rest[length..];
        return true;
    }
}
