using System.Buffers.Binary;

namespace PortiaWatch.Linux.Sockets;

/// <summary>Walks netlink attributes (struct nlattr: u16 length with its header, u16 type; padded to four bytes).</summary>
internal ref struct NetlinkAttributes(ReadOnlySpan<byte> attributes)
{
    private const int HeaderBytes = 4;
    private const int TypeMask = 0x3FFF;

    private ReadOnlySpan<byte> _rest = attributes;

    public int Type { get; private set; }

    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>False at the end and at the first attribute that does not fit.</summary>
    public bool MoveNext()
    {
        if (_rest.Length < HeaderBytes)
            return false;
        int length = BinaryPrimitives.ReadUInt16LittleEndian(_rest);
        if (length < HeaderBytes || length > _rest.Length)
            return false;
        Type = BinaryPrimitives.ReadUInt16LittleEndian(_rest[2..]) & TypeMask;
        Value = _rest[HeaderBytes..length];
        int aligned = (length + 3) & ~3;
        _rest = aligned < _rest.Length ? _rest[aligned..] : [];
        return true;
    }
}
