using PortiaWatch.Pipeline.History;
using PortiaWatch.Rendering;

namespace PortiaWatch.Tests.Rendering;

public sealed class RestartCommandTests
{
    [Theory]
    [InlineData(new[] { "node", "server.js" }, "/home/dev/shop", "cd /home/dev/shop && node server.js")]
    [InlineData(new[] { "node", "a; $(reboot)", "it's" }, "/tmp/my shop", "cd '/tmp/my shop' && node 'a; $(reboot)' 'it'\\''s'")]
    [InlineData(new[] { "A=b", "" }, null, "'A=b' ''")]
    [InlineData(new[] { "node", "x\u001b[2J" }, "/tmp", null)]
    [InlineData(new[] { "node", "a\nreboot" }, "/tmp", null)]
    [InlineData(new[] { "node" }, "/tmp/\u202e", null)]
    [InlineData(new[] { "nginx: worker process" }, "/", null)]
    public void Of_Command_IsQuotedOrLeftOut(string[] command, string? folder, string? expected) =>
        Assert.Equal(expected, RestartCommand.Of(new HistoryHolder(1, command[0], command, folder, "dev", null)));

    [Fact]
    public void Of_SupervisedHolder_IsTheSupervisorsOwnVerb() =>
        Assert.Equal("systemctl --user start shop.service", RestartCommand.Of(new HistoryHolder(1, "node", ["node"], "/", "dev", null, null, ["systemctl", "--user", "stop", "shop.service"])));

    [Fact]
    public void Of_ContainersHolder_IsNothing() => Assert.Null(RestartCommand.Of(new HistoryHolder(1, "node", ["node"], "/", "dev", null, "web")));
}
