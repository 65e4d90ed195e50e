using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Sockets;

/// <summary>Reads one line of /proc/net/tcp, tcp6, udp or udp6 (proc_net_tcp(5)).</summary>
internal static class ProcNetLine
{
    private const int TimeWaitTimer = 3;
    private const double TicksPerSecond = 100;

    /// <summary>False for the heading, for other ports (unless <paramref name="port"/> is 0) and for anything malformed.</summary>
    public static bool TryRead(ReadOnlySpan<byte> line, Transport transport, int port, out int state, [NotNullWhen(true)] out KernelSocket? socket)
    {
        // sl local remote state queues timer:when retransmits uid timeout inode
        socket = null;
        state = 0;
        Span<Range> words = stackalloc Range[10];
        if (Split(line, words) < 10)
            return false;
        ReadOnlySpan<byte> local = line[words[1]];
        int colon = local.IndexOf((byte)':');
        if (colon is not (8 or 32) || !TryHex(local[(colon + 1)..], out uint found) || found is 0 or > 65535 || (port != 0 && found != port))
            return false;
        if (!TryHex(line[words[3]], out uint stateNumber) || !TryAddress(local[..colon], out IPAddress? address))
            return false;
        if (!Utf8Parser.TryParse(line[words[7]], out uint uid, out _) || !Utf8Parser.TryParse(line[words[9]], out ulong inode, out _))
            return false;
        state = (int)stateNumber;
        SocketUse use = transport == Transport.Udp ? SocketStates.UdpUse(state) : SocketStates.TcpUse(state, inode);
        socket = new KernelSocket
        {
            Transport = transport,
            Address = address,
            Port = (int)found,
            Use = use,
            Inode = inode,
            Uid = uid,

            // The file does not say; but whoever binds a specific IPv6 address gets a v6-only socket.
            IsV6Only = use is SocketUse.Listening or SocketUse.Bound && !address.Equals(IPAddress.IPv6Any) ? true : null,
            ClearsIn = Remaining(line[words[5]]),
        };
        return true;
    }

    private static TimeSpan? Remaining(ReadOnlySpan<byte> timer)
    {
        int colon = timer.IndexOf((byte)':');
        if (colon < 0 || !TryHex(timer[..colon], out uint kind) || kind != TimeWaitTimer || !TryHex(timer[(colon + 1)..], out uint ticks))
            return null;
        return TimeSpan.FromSeconds(ticks / TicksPerSecond);
    }

    // Groups of eight digits, each a 32-bit number in the machine's byte order.
    private static bool TryAddress(ReadOnlySpan<byte> hex, [NotNullWhen(true)] out IPAddress? address)
    {
        address = null;
        Span<byte> bytes = stackalloc byte[16];
        for (int i = 0; i < hex.Length; i += 8)
        {
            if (!TryHex(hex.Slice(i, 8), out uint group))
                return false;
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[(i / 2)..], group);
        }

        address = new IPAddress(bytes[..(hex.Length / 2)]);
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return true;
    }

    private static bool TryHex(ReadOnlySpan<byte> text, out uint number) => uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number);

    private static int Split(ReadOnlySpan<byte> line, Span<Range> words)
    {
        int count = 0;
        int at = 0;
        while (count < words.Length)
        {
            while (at < line.Length && line[at] == ' ')
                at++;
            if (at == line.Length)
                break;
            int length = line[at..].IndexOf((byte)' ');
            int end = length < 0 ? line.Length : at + length;
            words[count++] = new Range(at, end);
            at = end;
        }

        return count;
    }
}
