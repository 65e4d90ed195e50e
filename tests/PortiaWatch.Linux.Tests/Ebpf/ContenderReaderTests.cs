using PortiaWatch.Linux.Ebpf;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Tests.Ebpf;

public sealed class ContenderReaderTests
{
    private const ulong StartTicks = SomeEvent.Started / 10_000_000;

    private static readonly NamespaceView s_host = new(0xEFFFFFFC, 4026531840, IsProcOurs: true);
    private static readonly Glimpse s_alive = new() { Folder = "/home/me/shop", Executable = "/usr/bin/node", Started = StartTicks, Name = "node", Parents = [new(4100, "npm")] };

    private readonly List<(int Pid, int? Parent)> _looks = [];

    [Fact]
    public void Contender_StillThere_HasWhatTheEventAndProcTell()
    {
        Sender sender = Read(s_alive);

        Assert.Equal(4121, sender.Pid);
        Assert.Equal(1000u, sender.Uid);
        Assert.Equal("node", sender.Name);
        Assert.Equal("/usr/bin/node", sender.Executable);
        Assert.Null(sender.Elsewhere);
        Assert.Null(sender.ForeignNetwork);
        ProcessFacts facts = sender.Facts ?? throw new InvalidOperationException("no facts");
        Assert.Equal(new ProcessIdentity(4121, StartTicks, null), facts.Identity);
        Assert.Equal(["node", "server.js"], facts.Command);
        Assert.Equal("/home/me/shop", facts.WorkingDirectory);
        Assert.Equal("dev", facts.User);
        Assert.Equal([new ParentProcess(4100, "npm")], facts.Parents);
        Assert.Equal((4121, 4100), Assert.Single(_looks));
    }

    [Fact]
    public void Contender_Gone_HasTheEventsOwnWords()
    {
        Sender sender = Read(new Glimpse { Folder = "/home/me/shop/src", Project = "/home/me/shop", Parents = [new(4100, "npm")] });

        Assert.Equal(new ProcessIdentity(4121, StartTicks, null), sender.Facts?.Identity);
        Assert.Equal(["node", "server.js"], sender.Facts?.Command);
        Assert.Equal("/home/me/shop", sender.Facts?.Project);
        Assert.Equal([new ParentProcess(4100, "npm")], sender.Facts?.Parents);
    }

    [Fact]
    public void Contender_PidGivenToAnother_IsNotTakenForIt()
    {
        Sender sender = Read(s_alive with { Started = StartTicks + 1, Name = "sshd" });

        Assert.Null(sender.Executable);
        Assert.Equal("node", sender.Facts?.Name);
        Assert.Null(sender.Facts?.WorkingDirectory);
    }

    [Fact]
    public void Contender_ReplacedItselfByExec_IsWhatItWas()
    {
        Sender sender = Read(s_alive with { Name = "sleep" });

        Assert.Null(sender.Executable);
        Assert.Equal("node", sender.Facts?.Name);
        Assert.Equal("/home/me/shop", sender.Facts?.WorkingDirectory);
    }

    [Theory]
    [InlineData(8000, true)]
    [InlineData(8001, false)]
    public void Contender_WithoutKernelTypes_MustBeOlderThanTheEvent(ulong started, bool isTaken)
    {
        byte[] bytes = SomeEvent.Bytes(command: "");
        bytes.AsSpan(EventLayout.Inode..EventLayout.Command).Clear();

        Sender sender = Read(s_alive with { Started = started }, bytes);

        Assert.Equal(isTaken, sender.Facts?.Identity.Generation == started);
    }

    [Fact]
    public void Contender_Hurried_LeavesProcAlone()
    {
        Sender sender = Read(s_alive, hurried: true);

        Assert.Equal(["node", "server.js"], sender.Facts?.Command);
        Assert.Empty(_looks);
    }

    [Fact]
    public void Contender_InAnotherPidNamespace_HasNoPidHere()
    {
        Sender sender = Read(s_alive, view: new NamespaceView(4026532201, 4026531840, IsProcOurs: true));

        Assert.Equal(0, sender.Pid);
        Assert.Equal("pid 17 of another pid namespace", sender.Elsewhere);
        Assert.Null(sender.Facts);
        Assert.Equal(1000u, sender.Uid);
        Assert.Empty(_looks);
    }

    [Theory]
    [InlineData(4026532201, true, 17)]
    [InlineData(4026532201, false, null)]
    [InlineData(4026531836, true, null)]
    public void View_OfAContainer_SeesItsOwnOnly(uint eventsNamespace, bool isProcOurs, int? expected)
    {
        byte[] bytes = SomeEvent.Bytes();
        SomeEvent.Put(bytes, EventLayout.PidNamespace, eventsNamespace);

        Assert.Equal(expected, new NamespaceView(4026532201, 4026531840, isProcOurs).LocalPid(SomeEvent.Read(bytes)));
    }

    [Theory]
    [InlineData("pid:[4026531836]", 4026531836)]
    [InlineData("pid:[]", 0)]
    [InlineData("pid:[12", 0)]
    [InlineData("", 0)]
    [InlineData(null, 0)]
    public void View_NamespaceLink_GivesItsInode(string? link, ulong expected) => Assert.Equal(expected, NamespaceView.ParseInode(link));

    [Fact]
    public void Glimpse_OfOurselves_IsComplete()
    {
        Glimpse look = Glimpse.Of(Environment.ProcessId, parent: null);

        Assert.Equal(Environment.CurrentDirectory, look.Folder);
        Assert.Equal(new FileInfo("/proc/self/exe").LinkTarget, look.Executable);
        Assert.NotNull(look.Started);
        Assert.NotEmpty(look.Parents);
    }

    private Sender Read(Glimpse look, byte[]? bytes = null, NamespaceView? view = null, bool hurried = false)
    {
        ContenderReader reader = new(view ?? s_host, Look, _ => "dev", TimeProvider.System);
        return reader.Read(SomeEvent.Read(bytes ?? SomeEvent.Bytes()), hurried);

        Glimpse Look(int pid, int? parent)
        {
            _looks.Add((pid, parent));
            return look;
        }
    }
}
