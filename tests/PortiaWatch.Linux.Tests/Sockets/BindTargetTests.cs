using System.Net;
using PortiaWatch.Linux.Sockets;

namespace PortiaWatch.Linux.Tests.Sockets;

public sealed class BindTargetTests
{
    [Theory]
    [InlineData(null, "127.0.0.1", null, true)]
    [InlineData("*", "::1", true, true)]
    [InlineData("127.0.0.1", "127.0.0.1", null, true)]
    [InlineData("127.0.0.1", "127.0.0.2", null, false)]
    [InlineData("127.0.0.1", "0.0.0.0", null, true)]
    [InlineData("127.0.0.1", "::", false, true)]
    [InlineData("127.0.0.1", "::", true, false)]
    [InlineData("127.0.0.1", "::1", true, false)]
    [InlineData("0.0.0.0", "::", true, false)]
    [InlineData("0.0.0.0", "::1", true, false)]
    [InlineData("::", "127.0.0.1", null, true)]
    [InlineData("::1", "127.0.0.1", null, false)]
    [InlineData("::1", "0.0.0.0", null, false)]
    [InlineData("::1", "::", true, true)]
    [InlineData("::ffff:127.0.0.1", "127.0.0.1", null, true)]
    [InlineData("fe80::1%2", "fe80::1", true, true)]
    [InlineData("a-name", "10.1.2.3", null, true)]
    public void MeetsWith_AddressesOfTwoSockets_FollowsTheKernel(string? asked, string other, bool? otherIsV6Only, bool meets) =>
        Assert.Equal(meets, BindTarget.Of(asked).Any(target => target.MeetsWith(IPAddress.Parse(other), otherIsV6Only)));

    [Fact]
    public void Of_Localhost_AsksBothLoopbacks() => Assert.Equal(["127.0.0.1", "::1"], BindTarget.Of("localhost").Select(target => target.Address.ToString()));

    [Theory]
    [InlineData("socket:[4242]", 4242ul)]
    [InlineData("socket:[4242", 0ul)]
    [InlineData("socket:[]", 0ul)]
    [InlineData("pipe:[4242]", 0ul)]
    [InlineData("/tmp/socket:[1]", 0ul)]
    [InlineData("", 0ul)]
    public void SocketInode_Links_OnlySocketsCount(string link, ulong inode) => Assert.Equal(inode, DescriptorLink.SocketInode(System.Text.Encoding.ASCII.GetBytes(link)));
}
