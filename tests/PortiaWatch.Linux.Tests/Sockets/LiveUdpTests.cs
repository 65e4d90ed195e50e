using System.Net;
using System.Net.Sockets;
using PortiaWatch.Linux.Processes;
using PortiaWatch.Linux.Sockets;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Tests.Sockets;

public sealed class LiveUdpTests
{
    [Fact]
    public void Blocking_UdpClientBesideServer_IsShownOnlyWhenItIsAlone()
    {
        using var table = new SocketTable(new ProcessTable(TimeProvider.System), TimeProvider.System);
        using Socket peer = Bound(0);
        using Socket client = Bound(0);
        client.Connect(peer.LocalEndPoint!);
        int port = ((IPEndPoint)client.LocalEndPoint!).Port;
        var endpoint = new Endpoint { Transport = Transport.Udp, Address = "127.0.0.1", Port = port };

        Assert.Equal([SocketUse.Connected], table.Blocking(endpoint).Owners.Select(owner => owner.Use));

        using Socket server = Bound(port);
        Assert.Equal([SocketUse.Bound], table.Blocking(endpoint).Owners.Select(owner => owner.Use));
    }

    private static Socket Bound(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        return socket;
    }
}
