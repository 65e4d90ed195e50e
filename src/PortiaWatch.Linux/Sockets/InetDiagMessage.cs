using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using PortiaWatch.Linux.Interop;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Sockets;

/// <summary>Reads struct inet_diag_msg with its attributes (linux/inet_diag.h).</summary>
internal static class InetDiagMessage
{
    private const int Bytes = 72;
    private const int FamilyOffset = 0;
    private const int StateOffset = 1;
    private const int TimerOffset = 2;
    private const int SourcePortOffset = 4;
    private const int SourceAddressOffset = 8;
    private const int ExpiresOffset = 52;
    private const int UidOffset = 64;
    private const int InodeOffset = 68;

    private const int AttributeSkV6Only = 11;
    private const int AttributeCgroupId = 21;

    /// <summary>idiag_timer of a socket in TIME_WAIT: idiag_expires then counts its last milliseconds.</summary>
    private const int TimeWaitTimer = 3;

    /// <summary>The local port, without reading the rest; 0 when the message is too short.</summary>
    public static int Port(ReadOnlySpan<byte> message) => message.Length < Bytes ? 0 : BinaryPrimitives.ReadUInt16BigEndian(message[SourcePortOffset..]);

    /// <summary>False for a message that is too short or of another family.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, Transport transport, [NotNullWhen(true)] out KernelSocket? socket)
    {
        socket = null;
        if (message.Length < Bytes || message[FamilyOffset] is not (Libc.AF_INET or Libc.AF_INET6))
            return false;
        bool v6 = message[FamilyOffset] == Libc.AF_INET6;
        var address = new IPAddress(message.Slice(SourceAddressOffset, v6 ? 16 : 4));
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        ulong inode = BinaryPrimitives.ReadUInt32LittleEndian(message[InodeOffset..]);
        bool? v6Only = null;
        ulong? cgroup = null;
        var attributes = new NetlinkAttributes(message[Bytes..]);
        while (attributes.MoveNext())
        {
            if (attributes.Type == AttributeSkV6Only && attributes.Value.Length >= 1)
                v6Only = attributes.Value[0] != 0;
            else if (attributes.Type == AttributeCgroupId && attributes.Value.Length >= 8)
                cgroup = BinaryPrimitives.ReadUInt64LittleEndian(attributes.Value);
        }

        socket = new KernelSocket
        {
            Transport = transport,
            Address = address,
            Port = BinaryPrimitives.ReadUInt16BigEndian(message[SourcePortOffset..]),
            Use = transport == Transport.Udp ? SocketStates.UdpUse(message[StateOffset]) : SocketStates.TcpUse(message[StateOffset], inode),
            Inode = inode,
            Uid = BinaryPrimitives.ReadUInt32LittleEndian(message[UidOffset..]),
            IsV6Only = v6Only,
            Cgroup = cgroup,
            ClearsIn = message[TimerOffset] == TimeWaitTimer ? TimeSpan.FromMilliseconds(BinaryPrimitives.ReadUInt32LittleEndian(message[ExpiresOffset..])) : null,
        };
        return true;
    }
}
