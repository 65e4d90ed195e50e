using PortiaWatch.Darwin.Tests.Support;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Darwin.Tests;

[Collection(World.Collection)]
public sealed class DarwinPlatformTests : IDisposable
{
    private const int Eperm = 1;

    private readonly World _world = new();
    private readonly StandInProgram _launchctl = new("launchctl", "test \"$1\" = managername && cat \"$HERE/session\"");

    public DarwinPlatformTests() => Session("Aqua");

    public void Dispose()
    {
        _world.Dispose();
        _launchctl.Dispose();
    }

    [StandInFact]
    public void Create_OrdinaryAdministrator_CanDoAllButRootsWork()
    {
        _world.Process(42);
        Capabilities capabilities = Create().Capabilities;

        Assert.Equal(Capability.ReadSocketTable | Capability.Signal | Capability.ReadSystemLog | Capability.NotifyWithButtons, capabilities.Present);
        Assert.False(capabilities.IsLite);
        AssertReasons(capabilities);
    }

    [StandInFact]
    public void Create_AppSandbox_IsLiteAndNeverSignals()
    {
        _world.Process(42);
        _world.Open(42, 3, _world.Socket("127.0.0.1", 3000, lastPid: 42));
        _world.Fail("net.inet.tcp.pcblist_n", Eperm);
        _world.Fail("kill", Eperm);
        _world.BelongTo(20);
        Platform platform = Create();

        Assert.True(platform.Capabilities.IsLite);
        Assert.False(platform.Capabilities.Has(Capability.ReadSystemLog));
        AssertReasons(platform.Capabilities);
        Assert.Equal(PortState.Held, platform.Sockets.Blocking(new Endpoint { Port = 3000 }).State);
        Occupancy other = platform.Sockets.Blocking(new Endpoint { Port = 3001 });
        Assert.Equal(PortState.Unknown, other.State);
        Assert.NotNull(other.Limit);
        Assert.Null(platform.Striker.Open(platform.Processes.Identify(42)!));
        Assert.Empty(_world.Signals);
    }

    [StandInFact]
    public void Create_OneGuardedProgramAmongOthers_StillSignals()
    {
        _world.Process(41, uid: World.User, real: 0, saved: 0);
        _world.Process(42);
        _world.Process(43);
        _world.Fail("kill", Eperm, pid: 42);
        Assert.True(Create().Capabilities.Has(Capability.Signal));
        Assert.Empty(_world.Signals);
    }

    [StandInFact]
    public void Create_StandardUser_HasNoSystemLogAndSaysWhy()
    {
        _world.BelongTo(20);
        Capabilities capabilities = Create().Capabilities;
        Assert.Contains("administrators", capabilities.Limits[Capability.ReadSystemLog]);
    }

    [StandInFact]
    public void Create_Root_InspectsOthers()
    {
        _world.BecomeUser(0);
        Assert.True(Create().Capabilities.Has(Capability.InspectOthers));
    }

    [StandInFact]
    public async Task Create_OverSsh_AsksNobody()
    {
        Session("Background");
        Platform platform = Create();
        Assert.False(platform.Notifier.IsAvailable);
        Assert.Equal(Answer.NoAnswer, await platform.Notifier.AskAsync("t", "x", TimeSpan.FromMinutes(1), CancellationToken.None));
        await Assert.ThrowsAsync<NotifierException>(() => platform.Notifier.TellAsync("t", "x", CancellationToken.None));
    }

    [StandInFact]
    public async Task Check_EverythingThere_SaysSo()
    {
        using World host = new World().WithHost();
        using StandInProgram log = new("log", "exit 0");
        string home = Directory.CreateTempSubdirectory("portia-home-").FullName;
        Platform platform = Create(log.Path, home);
        IReadOnlyList<PlatformCheck> checks = await platform.CheckAsync(CancellationToken.None);

        Assert.Equal(12, checks.Count);
        Assert.All(checks.SkipLast(1), check => Assert.Equal((check.Name, CheckState.Works), (check.Name, check.State)));
        Assert.Equal(("background watcher", CheckState.Missing, "portia install"), (checks[^1].Name, checks[^1].State, checks[^1].Mend));
        Assert.Equal("1", Assert.Single(log.Runs)[^3]);
        Directory.Delete(home, recursive: true);
    }

    [StandInFact]
    public async Task Check_SandboxedStandardUserOfAnOldMac_NamesWhatMendsEach()
    {
        _world.Process(42);
        foreach (string call in (string[])["net.inet.tcp.pcblist_n", "kill", "proc_pidinfo", "kqueue"])
            _world.Fail(call, Eperm);
        using StandInProgram log = new("log", "exit 77");
        string home = Directory.CreateTempSubdirectory("portia-home-").FullName;
        await File.WriteAllTextAsync(Path.Combine(home, ".logrc"), "stream:");
        Session("Background");
        Platform platform = Create(log.Path, home, StandInLibrary.OlderHandle);
        IReadOnlyList<PlatformCheck> checks = await platform.CheckAsync(CancellationToken.None);

        Assert.Equal(["log files"], checks.Where(check => check.State == CheckState.Works).Select(check => check.Name));
        Assert.All(checks.Where(check => check.State != CheckState.Works), check => Assert.True(check.Mend is { Length: > 0 }, $"{check.Name}: nothing mends it"));
        Directory.Delete(home, recursive: true);
    }

    [StandInFact]
    public void FileIdentity_OpenFile_IsItsDeviceAndInode()
    {
        using World host = new World().WithHost();
        string path = Path.GetTempFileName();
        using (FileStream first = File.OpenRead(path))
        using (FileStream second = File.OpenRead(path))
        using (FileStream other = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Fixtures", "darwin-abi.json")))
        {
            Platform platform = Create();
            Assert.NotNull(platform.FileIdentity(first.SafeFileHandle));
            Assert.Equal(platform.FileIdentity(first.SafeFileHandle), platform.FileIdentity(second.SafeFileHandle));
            Assert.NotEqual(platform.FileIdentity(first.SafeFileHandle), platform.FileIdentity(other.SafeFileHandle));
        }

        File.Delete(path);
    }

    private Platform Create(string log = "/bin/sh", string home = "/nonexistent", nint? library = null) => DarwinPlatform.Create(Path.GetTempPath(), new Surroundings
    {
        Library = library ?? StandInLibrary.Handle,
        Launchctl = _launchctl.Path,
        Osascript = "/bin/sh",
        Log = log,
        Home = home,
    });

    private void Session(string name) => File.WriteAllText(Path.Combine(_launchctl.Folder, "session"), name + "\n");

    private static void AssertReasons(Capabilities capabilities)
    {
        foreach (Capability capability in Enum.GetValues<Capability>().Where(c => c != Capability.None && !capabilities.Has(c)))
            Assert.Matches(@"[a-zT]\.?$", capabilities.Limits[capability]);
    }
}
