using System.Globalization;
using System.Net;
using System.Net.Sockets;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Tests.Ebpf;

/// <summary>Real programs that are refused and say nothing.</summary>
public sealed class KernelSourceTests
{
    [SkippableTheory]
    [InlineData("tcp", "127.0.0.1", "127.0.0.1", "127.0.0.1", Transport.Tcp)]
    [InlineData("tcp", "127.0.0.1", "0.0.0.0", "0.0.0.0", Transport.Tcp)]
    [InlineData("tcp", "::1", "::1", "::1", Transport.Tcp)]
    [InlineData("tcp", "127.0.0.1", "::", "::", Transport.Tcp)]
    [InlineData("tcp", "127.0.0.1", "::ffff:127.0.0.1", "127.0.0.1", Transport.Tcp)]
    [InlineData("udp", "127.0.0.1", "127.0.0.1", "127.0.0.1", Transport.Udp)]
    [InlineData("udp", "::1", "::1", "::1", Transport.Udp)]
    [InlineData("thread", "127.0.0.1", "127.0.0.1", "127.0.0.1", Transport.Tcp)]
    public async Task Source_SilentCProgram_NamesPidUserAndEndpoint(string mode, string held, string asked, string reported, Transport transport)
    {
        await using WatchedKernel kernel = await WatchedKernel.StartAsync();
        using Socket holder = Hold(held, mode == "udp" ? SocketType.Dgram : SocketType.Stream);
        int port = PortOf(holder);
        DateTimeOffset before = TimeProvider.System.GetUtcNow();
        (int pid, _) = await OneShot.RunAsync(OneShot.Refused, mode, asked, Text(port));

        LogRecord record = await kernel.NextOfAsync(pid);

        Assert.Equal(new Endpoint { Transport = transport, Address = reported, Port = port }, record.Reported);
        Assert.Equal(Trust.Kernel, record.Trust);
        Assert.Equal("kernel", record.Source);
        Assert.True(record.Text.IsEmpty);
        Assert.Equal("refused", record.Sender?.Name);
        Assert.Equal(0u, record.Sender?.Uid);
        Assert.Equal([OneShot.Refused, mode, asked, Text(port)], record.Sender?.Facts?.Command);
        Assert.InRange(record.Time, before.AddMilliseconds(-20), record.ReadAt);
    }

    private static Socket Hold(string address, SocketType type)
    {
        Socket socket = new(IPAddress.Parse(address).AddressFamily, type, type == SocketType.Dgram ? ProtocolType.Udp : ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
        if (type == SocketType.Stream)
            socket.Listen();
        return socket;
    }

    private static int PortOf(Socket socket) => ((IPEndPoint)socket.LocalEndPoint!).Port;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
