using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Striking;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Pipeline.Tests.Striking;

public sealed class ProtectionTests
{
    private readonly FakeMachine _machine = new();

    [Fact]
    public void Reason_PlainServerOfOurs_IsNull() => Assert.Null(Reason(Some.Process()));

    [Theory]
    [InlineData(1, "systemd")]
    [InlineData(2, "kthreadd")]
    [InlineData(FakeMachine.OwnPid, "portia")]
    [InlineData(400, "terminal-of-ours")]
    public void Reason_InitOurselvesAndAncestors_AreProtected(int pid, string name) => Assert.NotNull(Reason(Some.Process(pid, name)));

    [Theory]
    [InlineData("sshd")]
    [InlineData("sshd-session")]
    [InlineData("systemd-logind")]
    [InlineData("dbus-daemon")]
    [InlineData("gnome-shell")]
    [InlineData("Xorg")]
    [InlineData("docker-proxy")]
    [InlineData("com.docker.backend")]
    [InlineData("containerd-shim")]
    [InlineData("conmon")]
    [InlineData("rootlessport")]
    [InlineData("slirp4netns")]
    [InlineData("launchd")]
    [InlineData("tmux: server")]
    [InlineData("screen")]
    public void Reason_SystemSessionAndProxies_AreProtected(string name) => Assert.NotNull(Reason(Some.Process(77, name)));

    [Fact]
    public void Reason_NameCutByTheKernel_IsKnownByItsFile() =>
        Assert.NotNull(Reason(Some.Process(77, "com.docker.back") with { Path = "/Applications/Docker.app/Contents/MacOS/com.docker.backend" }));

    [Fact]
    public void Reason_KernelThread_IsProtected() => Assert.NotNull(Reason(Some.Process(77, "nfsd") with { Parents = [new(2, "kthreadd")] }));

    [Fact]
    public void Reason_UnknownOwner_IsProtected() => Assert.NotNull(Reason(Some.Process() with { Uid = null }));

    [Fact]
    public void Reason_AnotherUsersProcess_OnlyForRootByHand()
    {
        ProcessFacts other = Some.Process(uid: 1001);
        Assert.NotNull(Reason(other));
        Assert.NotNull(Reason(other, byHand: true));
        _machine.CurrentUser = 0;
        Assert.NotNull(Reason(other));
        Assert.Null(Reason(other, byHand: true));
    }

    [Fact]
    public void Reason_ShellWithJobs_IsProtectedAndOneWithoutIsNot()
    {
        ProcessFacts shell = _machine.Add(Some.Process(77, "bash") with { Command = ["bash", "server.sh"] });
        Assert.Null(Reason(shell));
        _machine.Add(Some.Process(78, "node") with { Parents = [new(77, "bash")] });
        Assert.NotNull(Reason(shell));
    }

    [Fact]
    public void Reason_LoginShell_IsProtected() => Assert.NotNull(Reason(Some.Process(77, "zsh") with { Command = ["-zsh"] }));

    [Fact]
    public void Reason_Configured_ByGlobAndByPort()
    {
        var protect = new ProtectSettings { Process = ["post*"], Ports = [new PortRange(22, 25)] };

        Assert.NotNull(Reason(Some.Process(77, "postgres"), protect: protect));
        Assert.NotNull(Reason(Some.Process(77, "x") with { Path = "/usr/lib/postgresql/bin/postgres" }, protect: protect));
        Assert.NotNull(new Protection(_machine).Reason(Some.Process(), Some.Tcp(22), protect, byHand: true));
        Assert.Null(Reason(Some.Process(), protect: protect));
        Assert.Null(Reason(Some.Process(77, "Postbox"), protect: protect));
    }

    [Fact]
    public void Reason_OurOwnAncestorsCannotBeRead_IsProtected()
    {
        _machine.End(FakeMachine.OwnPid);

        Assert.Equal("PortiaWatch runs below it and would end with it.", Reason(Some.Process()));
    }

    [Fact]
    public void Reason_OnlyTheShortNameCanBeRead_IsStillKnownByIt() =>
        Assert.NotNull(Reason(Some.Process(77, "sshd") with { Command = null, Path = null }));

    [Fact]
    public void Reason_ShellScriptWithItsOwnNameAndJobs_IsProtected()
    {
        ProcessFacts script = _machine.Add(Some.Process(77, "deploy.sh") with { Path = "/usr/bin/bash", Command = ["deploy.sh"] });
        _machine.Add(Some.Process(78, "node") with { Parents = [new(77, "deploy.sh")] });

        Assert.Equal("It is a shell that has other jobs.", Reason(script));
    }

    [Theory]
    [InlineData("/usr/libexec/rapportd-helper", true)]
    [InlineData("/System/Library/CoreServices/ControlCentre.app/Contents/MacOS/ControlCentre", true)]
    [InlineData("/usr/libexec/git-core/git-daemon", false)]
    [InlineData("/home/dev/System/server", false)]
    public void Reason_ProgramInAFolderOfTheSystem_IsProtected(string path, bool expected) =>
        Assert.Equal(expected, Reason(Some.Process() with { Path = path }) is not null);

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void Reason_Proxy_IsLeftToItsContainerOnlyWhereThatCanBeStopped(bool isStoppable, bool isFree)
    {
        var engine = new Supervisor("podman", "web", isStoppable ? ["podman", "stop", "web"] : []) { IsProxy = true };
        ProcessFacts proxy = Some.Process(77, "conmon") with { Supervisor = engine };

        Assert.Equal(isFree, Reason(proxy) is null);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("brew services stop x", true)]
    public void Reason_ListedProgram_IsProtectedUnlessItsSupervisorStopsIt(string? stopCommand, bool isFree)
    {
        var protection = new Protection(_machine, (_, _) => "It is listed.");
        Supervisor? supervisor = stopCommand is null ? null : new("homebrew", "x", stopCommand.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        ProcessFacts listed = Some.Process() with { Supervisor = supervisor };

        Assert.Equal(isFree ? null : "It is listed.", protection.Reason(listed, Some.Tcp(), new ProtectSettings(), byHand: true));
    }

    [Fact]
    public void Reason_ConfiguredAndListed_NamesTheConfiguration() => Assert.Equal(
        "The configuration protects port 3000.",
        new Protection(_machine, (_, _) => "It is listed.")
            .Reason(Some.Process(), Some.Tcp(), new ProtectSettings { Ports = [new PortRange(3000, 3000)] }, byHand: true));

    [Fact]
    public void Reason_AnotherUsersProcess_NamesTheUser()
    {
        ProcessFacts other = Some.Process(uid: 1001) with { User = "ann" };

        Assert.StartsWith("It belongs to user ann; ", Reason(other), StringComparison.Ordinal);
        _machine.CurrentUser = 0;
        Assert.StartsWith("It belongs to user ann; ", Reason(other), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, 1ul, 1ul, SignalResult.NotPermitted)]
    [InlineData(FakeMachine.OwnPid, 1ul, 1ul, SignalResult.NotPermitted)]
    [InlineData(400, 1ul, 1ul, SignalResult.NotPermitted)]
    [InlineData(77, null, null, SignalResult.IdentityChanged)]
    [InlineData(77, 1ul, null, SignalResult.IdentityChanged)]
    [InlineData(77, 1ul, 2ul, SignalResult.IdentityChanged)]
    [InlineData(77, 1ul, 1ul, null)]
    public void LastLook_BothReadings_MustBeCompleteAndEqual(int pid, ulong? before, ulong? now, SignalResult? refusal) =>
        Assert.Equal(refusal, LastLook.Refusal(new ProcessIdentity(pid, 5, before), new ProcessIdentity(pid, 5, now), FakeMachine.OwnPid, 400));

    [Fact]
    public void LastLook_AnotherStartOrNobody_IsRefused()
    {
        var expected = new ProcessIdentity(77, 5, 1);
        Assert.Equal(SignalResult.IdentityChanged, LastLook.Refusal(expected, expected with { Generation = 6 }, 1, 1));
        Assert.Equal(SignalResult.Gone, LastLook.Refusal(expected, null, 1, 1));
    }

    private string? Reason(ProcessFacts facts, bool byHand = false, ProtectSettings? protect = null) =>
        new Protection(_machine).Reason(facts, Some.Tcp(), protect ?? new ProtectSettings(), byHand);
}
