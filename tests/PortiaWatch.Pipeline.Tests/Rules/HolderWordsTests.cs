using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Rules;

namespace PortiaWatch.Pipeline.Tests.Rules;

public sealed class HolderWordsTests
{
    [Theory]
    [InlineData("systemd", "web.service", "systemd (web.service)")]
    [InlineData("pm2", "pm2 (pid 40)", "pm2 (pid 40)")]
    [InlineData("nodemon", "nodemon", "nodemon")]
    [InlineData("pm2", "pm2-root.service", "pm2 (pm2-root.service)")]
    [InlineData("a\u001b[31m", "b\nc", "a (b c)")]
    public void Of_Supervisor_IsNamedOnce(string kind, string name, string words) => Assert.Equal(words, HolderWords.Of(new Supervisor(kind, name, [])));

    [Fact]
    public void Of_HolderThatCannotBeNamed_DoesNotClaimThatItIsAnotherUsers() =>
        Assert.Equal("a process of ada that cannot be named", HolderWords.Of(new Holder { Endpoint = new Endpoint { Port = 3000 }, Use = SocketUse.Listening, User = "ada" }));
}
