using System.Buffers.Binary;

namespace PortiaWatch.Darwin.Tests.Support;

/// <summary>Writes a tcp pcblist_n stream as the kernel does, for the cases that were not captured.</summary>
internal sealed class PcblistBuilder
{
    private readonly List<PcblistRow> _rows = [];

    public int SocketLength { get; init; } = 104;

    public ulong Generation { get; init; } = 8000;

    public ulong? TrailerGeneration { get; init; }

    public PcblistBuilder Add(PcblistRow row)
    {
        _rows.Add(row);
        return this;
    }

    public byte[] Build()
    {
        using MemoryStream stream = new();
        stream.Write(Ends(Generation));
        foreach (PcblistRow row in _rows)
        {
            byte[] inpcb = Record(104, 0x010);
            BinaryPrimitives.WriteUInt16BigEndian(inpcb.AsSpan(16), row.RemotePort);
            BinaryPrimitives.WriteUInt16BigEndian(inpcb.AsSpan(18), row.Port);
            BinaryPrimitives.WriteUInt64LittleEndian(inpcb.AsSpan(28), row.Generation);
            inpcb[44] = row.AddressFlags;
            row.Address.CopyTo(inpcb, 64 + 16 - row.Address.Length);
            stream.Write(inpcb);
            stream.Write(Socket(row));
            stream.Write(Record(32, row.HasSocket ? 0x002u : 0));
            stream.Write(Record(32, row.HasSocket ? 0x004u : 0));
            stream.Write(Record(136, 0x008));
            byte[] tcpcb = Record(204, 0x020);
            BinaryPrimitives.WriteInt32LittleEndian(tcpcb.AsSpan(36), row.State);
            stream.Write(tcpcb);
        }

        if (_rows.Count > 0)
            stream.Write(Ends(TrailerGeneration ?? Generation));
        return stream.ToArray();
    }

    private byte[] Socket(PcblistRow row)
    {
        byte[] socket = Record(SocketLength, 0x001);
        if (!row.HasSocket)
            return socket;
        BinaryPrimitives.WriteUInt64LittleEndian(socket.AsSpan(8), row.Socket);
        BinaryPrimitives.WriteUInt32LittleEndian(socket.AsSpan(20), row.State == 1 ? 6u : 4u);
        BinaryPrimitives.WriteInt16LittleEndian(socket.AsSpan(26), row.SocketState);
        BinaryPrimitives.WriteInt32LittleEndian(socket.AsSpan(40), row.Address.Length == 4 ? 2 : 30);
        BinaryPrimitives.WriteUInt32LittleEndian(socket.AsSpan(64), row.Uid);
        BinaryPrimitives.WriteInt32LittleEndian(socket.AsSpan(68), row.LastPid);
        BinaryPrimitives.WriteInt32LittleEndian(socket.AsSpan(72), row.EffectivePid);
        return socket;
    }

    private static byte[] Record(int length, uint kind)
    {
        byte[] record = new byte[(length + 7) & ~7];
        BinaryPrimitives.WriteInt32LittleEndian(record, length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(4), kind);
        return record;
    }

    private byte[] Ends(ulong generation)
    {
        byte[] ends = new byte[24];
        BinaryPrimitives.WriteInt32LittleEndian(ends, 24);
        BinaryPrimitives.WriteInt32LittleEndian(ends.AsSpan(4), _rows.Count);
        BinaryPrimitives.WriteUInt64LittleEndian(ends.AsSpan(8), generation);
        return ends;
    }
}
