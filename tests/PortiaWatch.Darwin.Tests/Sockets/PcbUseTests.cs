using System.Net;
using PortiaWatch.Darwin.Sockets;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Darwin.Tests.Sockets;

public sealed class PcbUseTests
{
    [Theory]
    [InlineData(Transport.Udp, 0, SocketUse.Bound)]
    [InlineData(Transport.Udp, 443, SocketUse.Connected)]
    [InlineData(Transport.Tcp, 443, SocketUse.Connected)]
    public void Use_ConnectedSocket_IsNoServer(Transport transport, int remotePort, SocketUse use) =>
        Assert.Equal(use, new Pcb { Transport = transport, AddressFlags = 1, Local = IPAddress.Loopback, LocalPort = 5353, Remote = IPAddress.Loopback, RemotePort = remotePort }.Use);
}
