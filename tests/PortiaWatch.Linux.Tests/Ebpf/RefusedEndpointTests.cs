using System.Net;
using PortiaWatch.Linux.Ebpf;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Tests.Ebpf;

public sealed class RefusedEndpointTests
{
    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("0.0.0.0", "0.0.0.0")]
    [InlineData("::", "::")]
    [InlineData("::ffff:127.0.0.1", "127.0.0.1")]
    [InlineData("::ffff:0.0.0.0", "0.0.0.0")]
    [InlineData("2001:DB8::1", "2001:db8::1")]
    public void Address_Inet_IsAsTheProgramMeantIt(string given, string expected) =>
        Assert.Equal(new Endpoint { Transport = Transport.Tcp, Address = expected, Port = 3000 }, Of(SomeEvent.Inet(IPAddress.Parse(given), 3000)));

    [Fact]
    public void Address_LinkLocal_KeepsItsZone() =>
        Assert.Equal("fe80::1%2", Of(SomeEvent.Inet(IPAddress.Parse("fe80::1"), 3000, scope: 2))?.Address);

    [Fact]
    public void Address_OldShortInet6_HasNoZone() => Assert.Equal("fe80::1", Of(SomeEvent.Inet(IPAddress.Parse("fe80::1"), 3000, scope: 2)[..24])?.Address);

    [Fact]
    public void Address_PortZero_IsNotKnown() => Assert.Null(Of(SomeEvent.Inet(IPAddress.Loopback, 0))?.Port);

    [Theory]
    [InlineData("/run/x.sock\0\0\0left over", "/run/x.sock")]
    [InlineData("relative.sock", "relative.sock")]
    [InlineData("\0name", "@name")]
    [InlineData("\0na\0me", "@na@me")]
    [InlineData("", null)]
    public void Address_Unix_IsPathOrAbstractName(string given, string? expected) =>
        Assert.Equal(new Endpoint { Transport = Transport.Unix, Path = expected }, Of(SomeEvent.Unix(given)));

    [Theory]
    [InlineData(new byte[] { 16, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 2, 0, 1, 2, 3, 4, 5 })]
    [InlineData(new byte[] { 10, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21 })]
    public void Address_NetlinkOrTooShort_IsNobodysCollision(byte[] address) => Assert.Null(Of(address));

    [Fact]
    public void Address_Unreadable_IsTheSocketsOwn()
    {
        byte[] bytes = SomeEvent.Bytes(address: new byte[EventLayout.MaxAddressBytes]);
        SomeEvent.Put(bytes, EventLayout.AddressLength, 0xffffffff);

        Assert.Equal(new Endpoint { Transport = Transport.Tcp, Address = "127.0.0.2", Port = 3001 }, RefusedEndpoint.Of(SomeEvent.Read(bytes)));
    }

    [Fact]
    public void Address_FailedListen_IsTheSocketsOwn() => Assert.Equal(
        new Endpoint { Transport = Transport.Tcp, Address = "127.0.0.2", Port = 3001 },
        RefusedEndpoint.Of(SomeEvent.Read(SomeEvent.Bytes(kind: KernelEventKind.ListenRefused))));

    [Theory]
    [InlineData(1, Transport.Tcp)]
    [InlineData(2, Transport.Udp)]
    [InlineData(3, null)]
    public void Address_SocketType_GivesTheTransport(ushort type, Transport? expected)
    {
        byte[] bytes = SomeEvent.Bytes();
        SomeEvent.PutHalf(bytes, EventLayout.SocketType, type);

        Assert.Equal(expected, RefusedEndpoint.Of(SomeEvent.Read(bytes))?.Transport);
    }

    private static Endpoint? Of(byte[] address) => RefusedEndpoint.Of(SomeEvent.Read(SomeEvent.Bytes(address)));
}
