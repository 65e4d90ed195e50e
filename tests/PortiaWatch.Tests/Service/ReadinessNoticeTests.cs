using System.Net.Sockets;
using System.Text;
using PortiaWatch.Daemon;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Service;

public sealed class ReadinessNoticeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ready_PathOrAbstractSocket_ReachesTheManager(bool isAbstract)
    {
        string name = isAbstract ? $"portia-test-{Guid.NewGuid():N}" : Path.Combine(_folder.Path, "notify");
        using Socket manager = Listen(isAbstract ? "\0" + name : name);
        var notice = new ReadinessNotice(isAbstract ? "@" + name : name);

        notice.Ready("watching\nREADY=0");
        notice.Stopping();

        Assert.Equal("READY=1\nSTATUS=watching READY=0", await ReceiveAsync(manager));
        Assert.Equal("STOPPING=1", await ReceiveAsync(manager));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("@")]
    [InlineData("vsock:2:1234")]
    [InlineData("/nonexistent/notify")]
    [InlineData("relative")]
    public void Ready_NobodyThere_DoesNothing(string? socket) => new ReadinessNotice(socket).Ready("watching");

    [Fact]
    public void Ready_PathThatIsTooLong_DoesNothing() => new ReadinessNotice("/" + new string('x', 300)).Ready("watching");

    [Fact]
    public async Task Watch_Notified_SaysReadyAndStoppingInTurn()
    {
        string path = Path.Combine(_folder.Path, "notify");
        using Socket manager = Listen(path);
        await using Portia portia = Portia.Start(["watch", "--source", "stdin"], [("NOTIFY_SOCKET", path)]);

        Assert.Equal("READY=1\nSTATUS=watching stdin", await ReceiveAsync(manager));
        Signals.Send(portia.Pid, Signals.Terminate);
        Assert.Equal("STOPPING=1", await ReceiveAsync(manager));
        Assert.Equal(0, await portia.WaitForExitAsync());
    }

    private static Socket Listen(string address)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(address));
        return socket;
    }

    private static async Task<string> ReceiveAsync(Socket socket)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        byte[] buffer = new byte[4096];
        return Encoding.UTF8.GetString(buffer, 0, await socket.ReceiveAsync(buffer, patience.Token));
    }
}
