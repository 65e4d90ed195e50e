using System.Net;
using System.Net.Sockets;
using PortiaWatch.Linux.Processes;
using PortiaWatch.Linux.Sockets;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Tests.Sockets;

/// <summary>A program that was refused in another network and has just ended is nobody's neighbour: who holds the same port in ours has nothing to do with it.</summary>
public sealed class ForeignNetworkTests
{
    // Above every pid_max.
    private const int GonePid = int.MaxValue;
    private const ulong OtherNetwork = 4026539999;

    [Fact]
    public void Blocking_ContenderOfAnotherNetworkHasEnded_BlamesNobodyHere()
    {
        using var table = new SocketTable(new ProcessTable(TimeProvider.System), TimeProvider.System);
        using Socket held = Listen(AddressFamily.InterNetwork, new IPEndPoint(IPAddress.Loopback, 0));
        var endpoint = new Endpoint { Address = "127.0.0.1", Port = ((IPEndPoint)held.LocalEndPoint!).Port };

        Occupancy occupancy = table.Blocking(endpoint, GonePid, OtherNetwork);

        Assert.Equal(PortState.Unknown, occupancy.State);
        Assert.Empty(occupancy.Owners);
        Assert.Null(table.CanBind(endpoint, GonePid, OtherNetwork));
        Assert.Equal(PortState.Held, table.Blocking(endpoint, GonePid).State);
    }

    [Fact]
    public void Blocking_AbstractNameOfAnotherNetwork_BlamesNobodyHere()
    {
        using var table = new SocketTable(new ProcessTable(TimeProvider.System), TimeProvider.System);
        string name = $"portia-test-{Guid.NewGuid():n}";
        using Socket held = Listen(AddressFamily.Unix, new UnixDomainSocketEndPoint("\0" + name));
        var endpoint = new Endpoint { Transport = Transport.Unix, Path = "@" + name };

        Assert.Equal(PortState.Unknown, table.Blocking(endpoint, GonePid, OtherNetwork).State);
        Assert.Equal(PortState.Held, table.Blocking(endpoint).State);
    }

    private static Socket Listen(AddressFamily family, EndPoint where)
    {
        var socket = new Socket(family, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(where);
        socket.Listen();
        return socket;
    }
}
