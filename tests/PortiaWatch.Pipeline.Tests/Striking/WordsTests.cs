using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Striking;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Pipeline.Tests.Striking;

public sealed class WordsTests
{
    [Theory]
    [InlineData(0, "1 ms")]
    [InlineData(12, "12 ms")]
    [InlineData(999, "999 ms")]
    [InlineData(1000, "1 s")]
    [InlineData(1440, "1.4 s")]
    [InlineData(119_000, "119 s")]
    [InlineData(120_000, "2 min")]
    public void Duration_AnyTime_IsSaidInItsUnit(int milliseconds, string expected) =>
        Assert.Equal(expected, Words.Duration(TimeSpan.FromMilliseconds(milliseconds)));

    [Theory]
    [InlineData(1, "a (pid 1)")]
    [InlineData(2, "a (pid 1) and a (pid 2)")]
    [InlineData(3, "a (pid 1), a (pid 2) and a (pid 3)")]
    [InlineData(5, "a (pid 1), a (pid 2), a (pid 3) and 2 more")]
    public void Titles_SomeProcesses_AreAList(int count, string expected) =>
        Assert.Equal(expected, Words.Titles([.. Enumerable.Range(1, count).Select(pid => Some.Process(pid, "a"))]));

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("/srv/a-b_c.sock", "/srv/a-b_c.sock")]
    [InlineData("", "''")]
    [InlineData("a b", "'a b'")]
    [InlineData("$(reboot)", "'$(reboot)'")]
    [InlineData("it's", """'it'\''s'""")]
    public void Command_AnyWord_StaysOneWordInAShell(string word, string expected) => Assert.Equal($"rm {expected}", Words.Command(["rm", word]));

    [Fact]
    public void Subject_Endpoint_BeginsASentence()
    {
        Assert.Equal("Port 3000", Words.Subject(Some.Tcp()));
        Assert.Equal("127.0.0.1:3000", Words.Subject(Some.Tcp(3000, "127.0.0.1")));
        Assert.Equal("/run/x.sock", Words.Subject(new Endpoint { Transport = Transport.Unix, Path = "/run/x.sock" }));
    }

    [Fact]
    public void TitleWithOrigin_Process_NamesWhoStartedIt()
    {
        ProcessFacts alone = Some.Process() with { Parents = [] };
        ProcessFacts child = alone with { Parents = [new(80, "npm")] };
        ProcessFacts supervised = child with { Supervisor = new("systemd", "api.service", []) };

        Assert.Equal("node (pid 77)", Words.TitleWithOrigin(alone));
        Assert.Equal("node (pid 77, child of npm, pid 80)", Words.TitleWithOrigin(child));
        Assert.Equal("node (pid 77, started by systemd (api.service))", Words.TitleWithOrigin(supervised));
    }

    [Theory]
    [InlineData(null, 80, "Stop what starts it: npm (pid 80).")]
    [InlineData(null, 1, "portia who 3000")]
    [InlineData(null, 2, "portia who 3000")]
    [InlineData(null, null, "portia who 3000")]
    [InlineData("", 80, "Stop what starts it: npm (pid 80).")]
    [InlineData("", 1, "portia who 3000")]
    [InlineData("pm2 stop 3", 80, "pm2 stop 3")]
    public void AgainstTaker_WhoeverStartsIt_IsNeverInit(string? stopCommand, int? parent, string expected)
    {
        ProcessFacts taker = Some.Process() with
        {
            Parents = parent is { } pid ? [new(pid, "npm")] : [],
            Supervisor = stopCommand is null ? null : new("pm2", "x", stopCommand.Split(' ', StringSplitOptions.RemoveEmptyEntries)),
        };

        Assert.Equal(expected, Words.AgainstTaker(taker, Some.Tcp()));
    }
}
