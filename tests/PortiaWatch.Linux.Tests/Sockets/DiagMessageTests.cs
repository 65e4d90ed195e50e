using System.Net;
using PortiaWatch.Linux.Sockets;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Tests.Sockets;

public sealed class DiagMessageTests
{
    private const int Mutations = 20_000;

    [Fact]
    public void InetDiagMessage_V4Listener_IsReadWhole()
    {
        KernelSocket socket = Read(DiagAnswers.V4Listener);

        Assert.Equal(IPAddress.Loopback, socket.Address);
        Assert.Equal(35551, socket.Port);
        Assert.Equal(SocketUse.Listening, socket.Use);
        Assert.Equal(1131621ul, socket.Inode);
        Assert.Equal(0u, socket.Uid);
        Assert.Equal(1ul, socket.Cgroup);
        Assert.Equal("127.0.0.1:35551", socket.Endpoint.ToString());
    }

    [Fact]
    public void InetDiagMessage_DualStackListener_IsShownAsEveryAddress()
    {
        KernelSocket socket = Read(DiagAnswers.DualStackListener);

        Assert.False(socket.IsV6Only);
        Assert.Equal("*:44279", socket.Endpoint.ToString());
    }

    [Fact]
    public void InetDiagMessage_BoundV6OnlySocket_LeavesIPv4Alone()
    {
        KernelSocket socket = Read(DiagAnswers.V6OnlyBound);

        Assert.Equal(SocketUse.Bound, socket.Use);
        Assert.True(socket.IsV6Only);
        Assert.Equal("[::]:56213", socket.Endpoint.ToString());
    }

    [Theory]
    [InlineData(SocketStates.Established, SocketUse.Connected)]
    [InlineData(SocketStates.Close, SocketUse.Bound)]
    public void InetDiagMessage_Udp_IsBoundUnlessConnected(int state, SocketUse use)
    {
        var messages = new NetlinkMessages(DiagAnswers.Bytes(DiagAnswers.V4Listener));
        Assert.True(messages.MoveNext());
        byte[] message = messages.Payload.ToArray();
        message[1] = (byte)state;

        Assert.True(InetDiagMessage.TryRead(message, Transport.Udp, out KernelSocket? socket));

        Assert.Equal(use, socket.Use);
    }

    [Fact]
    public void InetDiagMessage_TimeWait_SaysHowLong()
    {
        KernelSocket socket = Read(DiagAnswers.TimeWait);

        Assert.Equal(SocketUse.TimeWait, socket.Use);
        Assert.Equal(TimeSpan.FromMilliseconds(59896), socket.ClearsIn);
    }

    [Fact]
    public void UnixSocketEntry_Listener_HasNameFileAndOwner()
    {
        var messages = new NetlinkMessages(DiagAnswers.Bytes(DiagAnswers.UnixListener));
        Assert.True(messages.MoveNext());

        Assert.True(UnixSocketEntry.TryRead(messages.Payload, out UnixSocketEntry? entry));

        Assert.Equal("/tmp/example-folder/x y.sock", entry.Name);
        Assert.True(entry.IsListening);
        Assert.NotNull(entry.FileInode);
        Assert.NotNull(entry.FileDevice);
        Assert.Equal(0u, entry.Uid);
    }

    [Fact]
    public void Readers_EveryTruncation_NeverReadPastTheEnd()
    {
        foreach (string answer in DiagAnswers.All)
        {
            byte[] whole = DiagAnswers.Bytes(answer);
            for (int length = 0; length < whole.Length; length++)
                ReadAll(whole.AsSpan(0, length));
        }
    }

    [Fact]
    public void Readers_RandomlyDamagedAnswers_NeverThrow()
    {
        var random = new Random(20261122);
        for (int i = 0; i < Mutations; i++)
        {
            byte[] damaged = DiagAnswers.Bytes(DiagAnswers.All[random.Next(DiagAnswers.All.Length)]);
            for (int hit = random.Next(1, 6); hit > 0; hit--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            ReadAll(damaged);
        }
    }

    private static KernelSocket Read(string answer)
    {
        var messages = new NetlinkMessages(DiagAnswers.Bytes(answer));
        Assert.True(messages.MoveNext());
        Assert.True(InetDiagMessage.TryRead(messages.Payload, Transport.Tcp, out KernelSocket? socket));
        return socket;
    }

    private static void ReadAll(ReadOnlySpan<byte> datagram)
    {
        var messages = new NetlinkMessages(datagram);
        for (int count = 0; messages.MoveNext(); count++)
        {
            Assert.True(count <= datagram.Length / NetlinkMessages.HeaderBytes);
            _ = InetDiagMessage.Port(messages.Payload);
            _ = InetDiagMessage.TryRead(messages.Payload, Transport.Tcp, out KernelSocket? socket) && socket.Endpoint.ToString().Length > 0;
            _ = UnixSocketEntry.TryRead(messages.Payload, out _);
        }
    }
}
