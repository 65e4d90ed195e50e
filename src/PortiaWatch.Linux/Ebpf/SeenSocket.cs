using System.Buffers.Binary;

namespace PortiaWatch.Linux.Ebpf;

/// <summary>The socket of a call as the kernel's structures have it.</summary>
/// <param name="Inode">What /proc/PID/fd shows as <c>socket:[…]</c>.</param>
/// <param name="Family">AF_*.</param>
/// <param name="Type">SOCK_*.</param>
/// <param name="Port">Local port in host order; 0 when it has none.</param>
/// <param name="Address">Local address: 4 or 16 bytes in network order, by family; empty for others.</param>
/// <param name="NetworkNamespace">Inode of the network namespace it lives in.</param>
internal sealed record SeenSocket(ulong Inode, int Family, int Type, int Port, ReadOnlyMemory<byte> Address, uint NetworkNamespace)
{
    /// <summary>Null where the program could not follow the kernel's structures. The bytes hold a whole head.</summary>
    public static SeenSocket? Read(ReadOnlySpan<byte> head)
    {
        ulong inode = BinaryPrimitives.ReadUInt64LittleEndian(head[EventLayout.Inode..]);
        int family = BinaryPrimitives.ReadUInt16LittleEndian(head[EventLayout.SocketFamily..]);
        if (inode == 0 || family == 0)
            return null;
        return new SeenSocket(
            inode,
            family,
            BinaryPrimitives.ReadUInt16LittleEndian(head[EventLayout.SocketType..]),
            BinaryPrimitives.ReadUInt16LittleEndian(head[EventLayout.SocketPort..]),
            family switch
            {
                RefusedEndpoint.AF_INET => head.Slice(EventLayout.SocketAddress4, 4).ToArray(),
                RefusedEndpoint.AF_INET6 => head.Slice(EventLayout.SocketAddress6, 16).ToArray(),
                _ => default,
            },
            BinaryPrimitives.ReadUInt32LittleEndian(head[EventLayout.NetworkNamespace..]));
    }
}
