using System.Buffers.Binary;
using System.Runtime.InteropServices;
using PortiaWatch.Darwin.Interop;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Darwin.Sockets;

/// <summary>
/// Walks the byte stream of <c>net.inet.tcp.pcblist_n</c> or <c>net.inet.udp.pcblist_n</c>: header, then for each control block a run of records told apart by kind,
/// then the header again as trailer. It goes by length and kind, never by a stride: SOCKET grew from 76 to 104 bytes in macOS 13, blocks without a socket carry
/// records of kind 0, and later releases may add kinds. Reads nothing beyond the span and never throws.
/// </summary>
internal ref struct PcblistReader
{
    private const int XSO_SOCKET = 0x001;
    private const int XSO_RCVBUF = 0x002;
    private const int XSO_SNDBUF = 0x004;
    private const int XSO_STATS = 0x008;
    private const int XSO_INPCB = 0x010;
    private const int XSO_TCPCB = 0x020;
    private const int HeaderSize = 24;

    // Up to and including the local address; nothing after it is needed to know what is bound.
    private const int LeastInpcb = 80;

    // Up to and including so_e_pid, which all releases since 10.13 have.
    private const int LeastSocket = 76;
    private const int LeastTcpcb = 40;

    private readonly ReadOnlySpan<byte> _stream;
    private readonly Transport _transport;
    private int _position;
    private bool _isDone;

    // The block that is being read, or that Current shows.
    private ReadOnlySpan<byte> _inpcb;
    private ReadOnlySpan<byte> _socket;
    private ReadOnlySpan<byte> _tcpcb;
    private bool _sawLastRecord;

    public PcblistReader(ReadOnlySpan<byte> stream, Transport transport)
    {
        _stream = stream;
        _transport = transport;
        if (stream.Length < HeaderSize)
        {
            Error = PcblistError.ShortHeader;
            IsTruncated = true;
            _isDone = true;
            return;
        }

        xinpgen header = MemoryMarshal.Read<xinpgen>(stream);
        if (header.xig_len < HeaderSize || header.xig_len > stream.Length)
        {
            Error = PcblistError.BadHeaderLength;
            _isDone = true;
            return;
        }

        Header = header;
        _position = (int)Math.Min(RoundUp8(header.xig_len), stream.Length);

        // A count of 0 ends the stream: the kernel writes no trailer then.
        _isDone = IsComplete = header.xig_count == 0 && _position == stream.Length;
    }

    public PcblistError Error { get; }

    public xinpgen Header { get; }

    public xinpgen? Trailer { get; private set; }

    /// <summary>False for a prefix of the list: blocks are missing.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>The buffer ended inside a record or before the trailer.</summary>
    public bool IsTruncated { get; private set; }

    /// <summary>A record with an impossible length ended the walk.</summary>
    public bool HasBadRecord { get; private set; }

    /// <summary>Records of kinds that are not known.</summary>
    public int IgnoredRecords { get; private set; }

    /// <summary>Blocks that changed after the snapshot was taken, or that lack their first fields.</summary>
    public int SkippedRows { get; private set; }

    /// <summary>Control blocks came or went while the list was copied: the rows are sound, the set may not be.</summary>
    public readonly bool HasChanged => Trailer is { } trailer && trailer.xig_gen != Header.xig_gen;

    /// <summary>Host order; 0 for a socket that is not bound.</summary>
    public readonly int LocalPort => BinaryPrimitives.ReadUInt16BigEndian(_inpcb[18..]);

    /// <summary>TCPS_*; null for udp, or when the record is missing.</summary>
    public readonly int? State => _transport == Transport.Tcp && _tcpcb.Length >= LeastTcpcb ? BinaryPrimitives.ReadInt32LittleEndian(_tcpcb[36..]) : null;

    /// <summary>SO_* bits; listeners have SO_ACCEPTCONN.</summary>
    public readonly uint Options => _socket.Length >= LeastSocket ? BinaryPrimitives.ReadUInt32LittleEndian(_socket[20..]) : 0;

    /// <summary>Goes to the next control block; false at the end.</summary>
    public bool Read()
    {
        while (!_isDone)
        {
            _inpcb = _socket = _tcpcb = default;
            _sawLastRecord = false;
            if (!ReadBlock())
                continue;
            xinpgen header = Header;
            if (_inpcb.Length < LeastInpcb || BinaryPrimitives.ReadUInt64LittleEndian(_inpcb[28..]) > header.xig_gen)
            {
                SkippedRows++;
                continue;
            }

            return true;
        }

        return false;
    }

    /// <summary>The block as an object that outlives the buffer.</summary>
    public readonly Pcb Current()
    {
        xinpcb_n inpcb = ReadPrefix<xinpcb_n>(_inpcb);
        xsocket_n socket = _socket.Length >= LeastSocket ? ReadPrefix<xsocket_n>(_socket) : default;
        bool isV6 = (inpcb.inp_vflag & Pcb.INP_IPV6) != 0;
        return new Pcb
        {
            Transport = _transport,
            AddressFlags = inpcb.inp_vflag,
            SocketFamily = socket.xso_family,
            Local = KernelAddress.Read(inpcb.inp_dependladdr, isV6),
            LocalPort = BinaryPrimitives.ReverseEndianness(inpcb.inp_lport),
            Remote = KernelAddress.Read(inpcb.inp_dependfaddr, isV6),
            RemotePort = BinaryPrimitives.ReverseEndianness(inpcb.inp_fport),
            State = State,
            Uid = socket.so_uid,
            LastPid = socket.so_last_pid,
            EffectivePid = socket.so_e_pid,
            Socket = socket.xso_so,
            Handle = inpcb.xi_inpp,
            Generation = inpcb.inp_gencnt,
            SocketGeneration = socket.so_gencnt,
            Options = socket.so_options,
            SocketState = (ushort)socket.so_state,
            QueueLength = socket.so_qlen,
            QueueLimit = socket.so_qlimit,
            Flags = inpcb.inp_flags,
            Flags2 = inpcb.inp_flags2,
        };
    }

    /// <summary>Gathers the records of one block. False when there was none, or only a part of one.</summary>
    private bool ReadBlock()
    {
        while (true)
        {
            ReadOnlySpan<byte> rest = _stream[_position..];
            if (rest.Length < 8)
                return EndOfBuffer();
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(rest);
            if (length <= HeaderSize || (length == Header.xig_len && RoundUp8(length) >= rest.Length))
                return EndOfList(rest, length);
            if (length > rest.Length)
                return EndOfBuffer();
            uint kind = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
            if (kind == XSO_INPCB && !_inpcb.IsEmpty)
                return true;
            Take(rest[..(int)length], kind);
            _position = (int)Math.Min(_position + RoundUp8(length), _stream.Length);
        }
    }

    private void Take(ReadOnlySpan<byte> record, uint kind)
    {
        switch (kind)
        {
            case XSO_INPCB:
                _inpcb = record;
                break;
            case XSO_SOCKET:
                _socket = record;
                break;
            case XSO_TCPCB:
                _tcpcb = record;
                _sawLastRecord |= _transport == Transport.Tcp;
                break;
            case XSO_STATS:
                _sawLastRecord |= _transport == Transport.Udp;
                break;
            case XSO_RCVBUF or XSO_SNDBUF:
                break;
            default:
                IgnoredRecords++;
                break;
        }
    }

    private bool EndOfList(ReadOnlySpan<byte> rest, uint length)
    {
        if (length >= HeaderSize && length > rest.Length)
            return EndOfBuffer();
        _isDone = true;
        if (length >= HeaderSize)
        {
            Trailer = MemoryMarshal.Read<xinpgen>(rest);
            IsComplete = true;
        }
        else
        {
            HasBadRecord = true;
        }

        return !_inpcb.IsEmpty && (IsComplete || _sawLastRecord);
    }

    private bool EndOfBuffer()
    {
        _isDone = true;
        IsTruncated = true;
        return !_inpcb.IsEmpty && _sawLastRecord;
    }

    private static T ReadPrefix<T>(ReadOnlySpan<byte> record)
        where T : unmanaged
    {
        T value = default;
        Span<byte> bytes = MemoryMarshal.AsBytes(new Span<T>(ref value));
        record[..Math.Min(record.Length, bytes.Length)].CopyTo(bytes);
        return value;
    }

    private static long RoundUp8(uint length) => ((long)length + 7) & ~7;
}
