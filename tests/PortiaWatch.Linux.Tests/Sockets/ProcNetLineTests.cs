using System.Text;
using PortiaWatch.Linux.Sockets;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Tests.Sockets;

public sealed class ProcNetLineTests
{
    private const string Listener = "   0: 0100007F:0BB8 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 123456 1 0000000000000000 100 0 0 10 0";
    private const string TimeWait = "   1: 0100007F:0BB8 0100007F:C350 06 00000000:00000000 03:00000F3C 00000000     0        0 0 3 0000000000000000";
    private const string Mapped = "   2: 0000000000000000FFFF00000100007F:0BB8 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 77 1 0 100";

    [Fact]
    public void TryRead_Listener_HasAddressOwnerAndInode()
    {
        Assert.True(ProcNetLine.TryRead(Encoding.ASCII.GetBytes(Listener), Transport.Tcp, 3000, out int state, out KernelSocket? socket));

        Assert.Equal(SocketStates.Listen, state);
        Assert.Equal("127.0.0.1:3000", socket.Endpoint.ToString());
        Assert.Equal(1000u, socket.Uid);
        Assert.Equal(123456ul, socket.Inode);
        Assert.Equal(SocketUse.Listening, socket.Use);
    }

    [Fact]
    public void TryRead_TimeWait_SaysHowLong()
    {
        Assert.True(ProcNetLine.TryRead(Encoding.ASCII.GetBytes(TimeWait), Transport.Tcp, 3000, out _, out KernelSocket? socket));

        Assert.Equal(SocketUse.TimeWait, socket.Use);
        Assert.Equal(TimeSpan.FromSeconds(39), socket.ClearsIn);
    }

    [Theory]
    [InlineData("0100007F:C350 01", SocketUse.Connected)]
    [InlineData("00000000:0000 07", SocketUse.Bound)]
    public void TryRead_Udp_IsBoundUnlessConnected(string remoteAndState, SocketUse use)
    {
        string line = $"   3: 0100007F:0BB8 {remoteAndState} 00000000:00000000 00:00000000 00000000  1000        0 78 2 0000000000000000 0";

        Assert.True(ProcNetLine.TryRead(Encoding.ASCII.GetBytes(line), Transport.Udp, 3000, out _, out KernelSocket? socket));

        Assert.Equal(use, socket.Use);
    }

    [Fact]
    public void TryRead_MappedAddress_IsIPv4()
    {
        Assert.True(ProcNetLine.TryRead(Encoding.ASCII.GetBytes(Mapped), Transport.Tcp, 3000, out _, out KernelSocket? socket));

        Assert.Equal("127.0.0.1", socket.Address.ToString());
    }

    [Theory]
    [InlineData("  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode")]
    [InlineData("")]
    [InlineData("   0: 0100007F:0BB9 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 1 1")]
    [InlineData("   0: 0100007F:0000 00000000:0000 07 00000000:00000000 00:00000000 00000000  1000        0 1 1")]
    [InlineData("   0: 01007F:0BB8 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 1 1")]
    public void TryRead_OtherLines_AreLeftOut(string line) => Assert.False(ProcNetLine.TryRead(Encoding.ASCII.GetBytes(line), Transport.Tcp, 3000, out _, out _));

    [Fact]
    public void TryRead_UnixLine_KeepsSpacesInTheName()
    {
        Assert.True(UnixLine.TryRead("ffff8: 00000002 00000000 00010000 0001 01 4242 /run/a b.sock"u8, out UnixSocketEntry? entry));

        Assert.Equal("/run/a b.sock", entry.Name);
        Assert.Equal(4242ul, entry.Inode);
        Assert.True(entry.IsListening);
    }

    [Fact]
    public void TryRead_RandomlyDamagedLines_NeverThrow()
    {
        var random = new Random(3000);
        string[] lines = [Listener, TimeWait, Mapped, "ffff8: 00000002 00000000 00010000 0001 01 4242 @/run/a"];
        for (int i = 0; i < 20_000; i++)
        {
            byte[] damaged = Encoding.ASCII.GetBytes(lines[random.Next(lines.Length)])[..];
            for (int hit = random.Next(1, 5); hit > 0; hit--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            ReadOnlySpan<byte> cut = damaged.AsSpan(0, random.Next(damaged.Length + 1));
            _ = ProcNetLine.TryRead(cut, Transport.Tcp, 0, out _, out _);
            _ = UnixLine.TryRead(cut, out _);
        }
    }
}
