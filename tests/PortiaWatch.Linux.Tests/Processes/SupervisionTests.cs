using PortiaWatch.Linux.Containers;
using PortiaWatch.Linux.Processes;
using PortiaWatch.Linux.Systemd;
using PortiaWatch.Pipeline.Enrichment;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Tests.Processes;

public sealed class SupervisionTests
{
    private const string Id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private static readonly Ancestor Init = new(1, "systemd", ["/sbin/init"]);
    private static readonly Ancestor UserManager = new(900, "systemd", ["/lib/systemd/systemd", "--user"]);

    [Theory]
    [InlineData("/system.slice/nginx.service", "nginx.service", false)]
    [InlineData("/user.slice/user-1000.slice/session-3.scope", "session-3.scope", false)]
    [InlineData("/user.slice/user-1000.slice/user@1000.service/app.slice/api.service", "api.service", true)]
    [InlineData("/user.slice/user-1000.slice/user@1000.service/app.slice/app-org.gnome.Terminal.slice/vte-spawn-1.scope", "vte-spawn-1.scope", true)]
    [InlineData("/system.slice/docker-x.scope/inner", "docker-x.scope", false)]
    public void FromPath_Units_AreNamedWithTheirManager(string path, string name, bool ofUser) => Assert.Equal(new CgroupUnit(name, ofUser), CgroupUnit.FromPath(path));

    [Theory]
    [InlineData("/")]
    [InlineData("/user.slice")]
    [InlineData("/user.slice/user-1000.slice/user@1000.service")]
    public void FromPath_NoUnit_IsNull(string path) => Assert.Null(CgroupUnit.FromPath(path));

    [Theory]
    [InlineData("/system.slice/docker-" + Id + ".scope", "docker")]
    [InlineData("/docker/" + Id, "docker")]
    [InlineData("/machine.slice/libpod-" + Id + ".scope/container", "podman")]
    [InlineData("/kubepods.slice/kubepods-pod1.slice/cri-containerd-" + Id + ".scope", "kubernetes")]
    [InlineData("/default/" + Id, "containerd")]
    public void ContainerTag_Paths_NameEngineAndShortId(string path, string engine) => Assert.Equal(new ContainerTag(engine, Id[..12]), ContainerTag.FromPath(path));

    [Theory]
    [InlineData("/machine.slice/libpod-conmon-" + Id + ".scope")]
    [InlineData("/system.slice/nginx.service")]
    [InlineData("/docker/short")]
    public void ContainerTag_OtherPaths_AreNone(string path) => Assert.Null(ContainerTag.FromPath(path));

    [Fact]
    public void CgroupMembership_HybridSystem_TakesTheNamedHierarchy()
    {
        CgroupMembership membership = CgroupMembership.Parse("9:name=systemd:/system.slice/a:b.service\n8:pids:/\n0::/\n");

        Assert.Equal("/system.slice/a:b.service", membership.UnitPath);
        Assert.Equal(3, membership.Paths.Count);
    }

    [Fact]
    public void Find_MainProcessOfUserService_IsStoppedWithItsUnit()
    {
        Supervisor? supervisor = Find(Reading([UserManager, Init], new CgroupUnit("api.service", true)));

        Assert.Equal(["systemctl", "--user", "stop", "api.service"], supervisor?.StopCommand);
    }

    [Fact]
    public void Find_ServerInTerminalOfDesktopProgram_IsNotSupervisedByTheDesktop()
    {
        var unit = new CgroupUnit("app-code@1.service", true);
        Ancestor[] line = [new(70, "bash", ["bash"]), new(60, "code", ["code"]), UserManager];

        Assert.Null(Find(Reading(line, unit, terminal: true)));
        Assert.Null(Find(Reading(line, unit)));
    }

    [Fact]
    public void IsOrphan_AdoptedInSessionScope_Is()
    {
        Assert.True(Supervision.IsOrphan(Reading([Init], new CgroupUnit("session-3.scope", false))));
        Assert.True(Supervision.IsOrphan(Reading([UserManager, Init], new CgroupUnit("vte-spawn-1.scope", true))));
        Assert.True(Supervision.IsOrphan(Reading([UserManager], new CgroupUnit("app-code@1.service", true), oldest: false)));
    }

    [Fact]
    public void IsOrphan_ChildOrMainProcessOfService_IsNot()
    {
        Assert.False(Supervision.IsOrphan(Reading([new(50, "bash", ["bash"]), Init], new CgroupUnit("session-3.scope", false))));
        Assert.False(Supervision.IsOrphan(Reading([Init], new CgroupUnit("nginx.service", false))));
    }

    [Theory]
    [InlineData("bash", false)]
    [InlineData("node", false)]
    [InlineData("process_api", false)]
    [InlineData("systemd", true)]
    [InlineData("init", true)]
    [InlineData("tini", true)]
    [InlineData("docker-init", true)]
    public void IsOrphan_ChildOfPid1_IsOnlyWhenThatIsAnInit(string pid1, bool isOrphan) =>
        Assert.Equal(isOrphan, Supervision.IsOrphan(Reading([new(1, pid1, [pid1])], null)));

    [Theory]
    [InlineData("nodemon", "node", "/usr/lib/node_modules/nodemon/bin/nodemon.js", "app.js")]
    [InlineData("pm2", "PM2 v5.3.0: God Daemon (/home/dev/.pm2)")]
    [InlineData("foreman", "ruby", "/usr/bin/foreman", "start")]
    [InlineData("node --watch", "node", "--watch", "server.js")]
    [InlineData("tsx watch", "node", "/x/tsx", "watch", "main.ts")]
    [InlineData("dotnet watch", "dotnet", "watch", "run")]
    [InlineData("supervisord", "/usr/bin/python3", "/usr/bin/supervisord", "-n")]
    public void Kind_ProgramsThatStartAgain_AreRecognised(string kind, params string[] command) =>
        Assert.Equal(kind, WatchingProgram.Kind(Path.GetFileName(command[0]), command));

    [Theory]
    [InlineData("node", "server.js", "nodemon")]
    [InlineData("vim", "/home/dev/nodemon.md")]
    [InlineData("bash")]
    [InlineData("node", "server.js", "--watch-only-this")]
    [InlineData("npm", "run", "dev")]
    public void Kind_OtherPrograms_AreNot(params string[] command) => Assert.Null(WatchingProgram.Kind(command[0], command));

    [Fact]
    public void Find_ChildOfPm2_IsStoppedByItsNumber()
    {
        Assert.Equal(["pm2", "stop", "3"], Stop($"PM2 v5.3.0: God Daemon ({Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)}/.pm2)   "));
        Assert.Equal(["env", "PM2_HOME=/srv/my (own) pm2", "pm2", "stop", "3"], Stop("PM2 v6.0.1: God Daemon (/srv/my (own) pm2)"));
        Assert.Equal([], Stop("PM2 v5.3.0: God Daemon"));
        Assert.Equal([], Stop("PM2 v5.3.0: God Daemon (relative)"));

        static IReadOnlyList<string>? Stop(string title) =>
            Supervision.Find(Reading([new(40, "PM2 v5.3.0: Go", [title]), Init], null), null, name => name == "pm_id" ? "3" : null)?.StopCommand;
    }

    [Theory]
    [InlineData("all")]
    [InlineData("-1")]
    [InlineData("3 4")]
    [InlineData("\u0663")]
    [InlineData("")]
    public void StopCommand_Pm2NumberThatIsNone_IsNotRun(string id) => Assert.Empty(WatchingProgram.StopCommand("pm2", ["PM2 v5.3.0: God Daemon (/home/dev/.pm2)"], name => name == "pm_id" ? id : null));

    [Theory]
    [InlineData("web_1", null, "web_1")]
    [InlineData("web", "web", "web")]
    [InlineData("web.0", "site", "site:web.0")]
    [InlineData("all", null, null)]
    [InlineData("site:*", null, null)]
    [InlineData("site:", null, null)]
    [InlineData("-shttp://elsewhere", null, null)]
    [InlineData("--help", null, null)]
    [InlineData("a b", null, null)]
    [InlineData("web", "-c/tmp/x", null)]
    public void StopCommand_SupervisorNames_AreTakenOnlyWhenTheyMeanOneProgram(string process, string? group, string? expected)
    {
        IReadOnlyList<string> command = WatchingProgram.StopCommand("supervisord", ["supervisord"], name => name == "SUPERVISOR_PROCESS_NAME" ? process : group);

        Assert.Equal(expected is null ? [] : ["supervisorctl", "stop", expected], command);
    }

    private static Supervisor? Find(ProcessReading reading) => Supervision.Find(reading, null, _ => null);

    private static ProcessReading Reading(IReadOnlyList<Ancestor> ancestors, CgroupUnit? unit, bool terminal = false, bool oldest = true) => new()
    {
        Pid = 77,
        Command = ["node"],
        HasTerminal = terminal,
        Ancestors = ancestors,
        Unit = unit,
        IsOldestOfUnit = () => oldest,
    };
}
