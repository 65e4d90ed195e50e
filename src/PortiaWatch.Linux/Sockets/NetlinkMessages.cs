using System.Buffers.Binary;

namespace PortiaWatch.Linux.Sockets;

/// <summary>Walks the netlink messages in one datagram (struct nlmsghdr: u32 length, u16 type, u16 flags, u32 sequence, u32 pid).</summary>
internal ref struct NetlinkMessages(ReadOnlySpan<byte> datagram)
{
    public const int HeaderBytes = 16;
    public const int Error = 2;
    public const int Done = 3;

    /// <summary>The dump was disturbed by a change in between and may lack entries.</summary>
    public const int FlagDumpInterrupted = 0x10;

    private ReadOnlySpan<byte> _rest = datagram;

    public int Type { get; private set; }

    public int Flags { get; private set; }

    public uint Sequence { get; private set; }

    public ReadOnlySpan<byte> Payload { get; private set; }

    /// <summary>False at the end and at the first message that does not fit.</summary>
    public bool MoveNext()
    {
        if (_rest.Length < HeaderBytes)
            return false;
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(_rest);
        if (length < HeaderBytes || length > _rest.Length)
            return false;
        Type = BinaryPrimitives.ReadUInt16LittleEndian(_rest[4..]);
        Flags = BinaryPrimitives.ReadUInt16LittleEndian(_rest[6..]);
        Sequence = BinaryPrimitives.ReadUInt32LittleEndian(_rest[8..]);
        Payload = _rest[HeaderBytes..(int)length];
        int aligned = (int)((length + 3) & ~3u);
        _rest = aligned < _rest.Length ? _rest[aligned..] : [];
        return true;
    }
}
