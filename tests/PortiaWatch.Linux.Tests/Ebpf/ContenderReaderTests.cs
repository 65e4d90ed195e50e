using NSubstitute;
using PortiaWatch.Linux.Ebpf;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Tests.Ebpf;

public sealed class ContenderReaderTests
{
    private const ulong StartTicks = SomeEvent.Started / 10_000_000;

    private static readonly NamespaceView s_host = new(0xEFFFFFFC, 4026531840, IsProcOurs: true);

    private readonly IProcessTable _processes = Substitute.For<IProcessTable>();
    private readonly KernelEvent _seen = SomeEvent.Read(SomeEvent.Bytes());

    [Fact]
    public void Contender_StillThere_HasWhatProcTells()
    {
        _processes.Describe(SomeEvent.Process).Returns(Facts(SomeEvent.Process, "node", StartTicks));

        Sender sender = Read();

        Assert.Equal(4121, sender.Pid);
        Assert.Equal(1000u, sender.Uid);
        Assert.Equal("node", sender.Name);
        Assert.Equal("/usr/bin/node", sender.Executable);
        Assert.Equal("/home/me/shop", sender.Facts?.WorkingDirectory);
        Assert.Equal(["node", "server.js"], sender.Facts?.Command);
    }

    [Fact]
    public void Contender_Gone_HasTheEventsOwnWordsAndItsParents()
    {
        _processes.Describe(4100).Returns(Facts(4100, "npm", 1) with { Parents = [new ParentProcess(4000, "bash")] });

        Sender sender = Read();

        Assert.Equal(new ProcessIdentity(4121, StartTicks, null), sender.Facts?.Identity);
        Assert.Equal(["node", "server.js"], sender.Facts?.Command);
        Assert.Equal(1000u, sender.Facts?.Uid);
        Assert.Null(sender.Facts?.WorkingDirectory);
        Assert.Equal([new ParentProcess(4100, "npm"), new ParentProcess(4000, "bash")], sender.Facts?.Parents);
    }

    [Fact]
    public void Contender_PidGivenToAnother_IsNotTakenForIt()
    {
        _processes.Describe(SomeEvent.Process).Returns(Facts(SomeEvent.Process, "sshd", StartTicks + 1));

        Sender sender = Read();

        Assert.Null(sender.Executable);
        Assert.Equal("node", sender.Facts?.Name);
    }

    [Fact]
    public void Contender_ReplacedItselfByExec_IsWhatItWas()
    {
        _processes.Describe(SomeEvent.Process).Returns(Facts(SomeEvent.Process, "sleep", StartTicks));

        Sender sender = Read();

        Assert.Null(sender.Executable);
        Assert.Null(sender.Facts?.Identity.Image);
        Assert.Equal("node", sender.Facts?.Name);
        Assert.Equal("/home/me/shop", sender.Facts?.WorkingDirectory);
    }

    [Fact]
    public void Contender_WithoutKernelTypes_MustBeOlderThanTheEvent()
    {
        byte[] bytes = SomeEvent.Bytes(command: "");
        bytes.AsSpan(EventLayout.Inode..EventLayout.Command).Clear();
        KernelEvent seen = SomeEvent.Read(bytes);
        _processes.Describe(SomeEvent.Process).Returns(Facts(SomeEvent.Process, "node", 8000), Facts(SomeEvent.Process, "node", 8001));

        Assert.NotNull(new ContenderReader(_processes, s_host, TimeProvider.System).Read(seen, hurried: false).Facts);
        Assert.Null(new ContenderReader(_processes, s_host, TimeProvider.System).Read(seen, hurried: false).Facts);
    }

    [Fact]
    public void Contender_Hurried_LeavesProcAlone()
    {
        Sender sender = new ContenderReader(_processes, s_host, TimeProvider.System).Read(_seen, hurried: true);

        Assert.Equal(["node", "server.js"], sender.Facts?.Command);
        _processes.DidNotReceiveWithAnyArgs().Describe(default);
    }

    [Fact]
    public void Contender_TryingAgainAndAgain_IsLookedAtOnceASecond()
    {
        _processes.Describe(SomeEvent.Process).Returns(Facts(SomeEvent.Process, "node", StartTicks));
        ContenderReader reader = new(_processes, s_host, TimeProvider.System);

        for (ulong milliseconds = 0; milliseconds < 1500; milliseconds += 10)
            reader.Read(_seen with { TimeNanoseconds = _seen.TimeNanoseconds + (milliseconds * 1_000_000) }, hurried: false);

        _processes.Received(2).Describe(SomeEvent.Process);
    }

    [Fact]
    public void Contender_InAnotherPidNamespace_HasNoPidHere()
    {
        NamespaceView container = new(4026532201, 4026531840, IsProcOurs: true);

        Sender sender = new ContenderReader(_processes, container, TimeProvider.System).Read(_seen, hurried: false);

        Assert.Equal(0, sender.Pid);
        Assert.Equal("pid 17 of another pid namespace", sender.Elsewhere);
        Assert.Null(sender.Facts);
        Assert.Equal(1000u, sender.Uid);
        _processes.DidNotReceiveWithAnyArgs().Describe(default);
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

    private Sender Read() => new ContenderReader(_processes, s_host, TimeProvider.System).Read(_seen, hurried: false);

    private static ProcessFacts Facts(int pid, string name, ulong ticks) => new()
    {
        Identity = new ProcessIdentity(pid, ticks, 42),
        Name = name,
        Path = $"/usr/bin/{name}",
        Command = ["node", "server.js"],
        WorkingDirectory = "/home/me/shop",
    };
}
