using System.Buffers.Binary;
using System.Net;

namespace PortiaWatch.Darwin.Sockets;

/// <summary>Reads the kernel's 16-byte union of an IPv4 and an IPv6 address.</summary>
internal static class KernelAddress
{
    public static IPAddress Read(ReadOnlySpan<byte> union, bool isV6)
    {
        if (!isV6)
            return new IPAddress(union[12..]);
        Span<byte> address = stackalloc byte[16];
        union.CopyTo(address);
        if (address[0] != 0xfe || (address[1] & 0xc0) != 0x80)
            return new IPAddress(address);

        // The kernel keeps the interface of a link-local address inside it, big-endian in bytes 2 and 3.
        int scope = BinaryPrimitives.ReadUInt16BigEndian(address[2..]);
        address[2..4].Clear();
        return new IPAddress(address, scope);
    }
}
