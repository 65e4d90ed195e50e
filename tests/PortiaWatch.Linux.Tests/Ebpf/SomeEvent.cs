using System.Buffers.Binary;
using System.Net;
using System.Text;
using PortiaWatch.Linux.Ebpf;

namespace PortiaWatch.Linux.Tests.Ebpf;

/// <summary>Events as the programs would write them.</summary>
internal static class SomeEvent
{
    public const int Process = 4121;
    public const ulong Started = 70_000_000_000;

    /// <summary>A refused bind to 127.0.0.1:3000 by pid 4121, "node server.js".</summary>
    public static byte[] Bytes(byte[]? address = null, string command = "node\0server.js\0", KernelEventKind kind = KernelEventKind.BindRefused, int commandTotal = -1)
    {
        address ??= Inet(IPAddress.Loopback, 3000);
        byte[] line = Encoding.UTF8.GetBytes(command);
        byte[] bytes = new byte[EventLayout.HeadBytes + address.Length + line.Length];
        Put(bytes, EventLayout.Process, Process);
        Put(bytes, EventLayout.Thread, Process);
        Put(bytes, EventLayout.Uid, 1000);
        Put(bytes, EventLayout.Kind, (uint)kind);
        Put(bytes, EventLayout.Descriptor, 19);
        Put(bytes, EventLayout.AddressLength, (uint)address.Length);
        Put(bytes, EventLayout.NetworkNamespace, 4026531840);
        Put(bytes, EventLayout.PidNamespace, 4026531836);
        Put(bytes, EventLayout.NestedProcess, 17);
        Put(bytes, EventLayout.Parent, 4100);
        Put(bytes, EventLayout.CommandLineTotal, (uint)(commandTotal < 0 ? line.Length : commandTotal));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(EventLayout.Time), 80_000_000_000);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(EventLayout.Inode), 99);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(EventLayout.Started), Started);
        PutHalf(bytes, EventLayout.SocketType, 1);
        PutHalf(bytes, EventLayout.SocketFamily, 2);
        PutHalf(bytes, EventLayout.SocketPort, 3001);
        PutHalf(bytes, EventLayout.CommandLineLength, (ushort)line.Length);
        new byte[] { 127, 0, 0, 2 }.CopyTo(bytes, EventLayout.SocketAddress4);
        "node"u8.CopyTo(bytes.AsSpan(EventLayout.Command));
        address.CopyTo(bytes, EventLayout.HeadBytes);
        line.CopyTo(bytes, EventLayout.HeadBytes + address.Length);
        return bytes;
    }

    public static KernelEvent Read(byte[] bytes)
    {
        Assert.True(KernelEvent.TryParse(bytes, out KernelEvent? seen));
        return seen;
    }

    public static byte[] Inet(IPAddress address, ushort port, uint scope = 0)
    {
        byte[] numbers = address.GetAddressBytes();
        byte[] bytes = new byte[numbers.Length == 4 ? 16 : 28];
        bytes[0] = (byte)(numbers.Length == 4 ? 2 : 10);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), port);
        numbers.CopyTo(bytes, numbers.Length == 4 ? 4 : 8);
        if (numbers.Length == 16)
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(24), scope);
        return bytes;
    }

    public static byte[] Unix(string path) => [1, 0, .. Encoding.UTF8.GetBytes(path)];

    public static void Put(byte[] bytes, int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(offset), value);

    public static void PutHalf(byte[] bytes, int offset, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(offset), value);
}
