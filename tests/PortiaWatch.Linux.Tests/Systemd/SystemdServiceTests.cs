using PortiaWatch.Linux.Systemd;
using PortiaWatch.Linux.Tests.Support;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Linux.Tests.Systemd;

/// <summary>Against scripts that stand in for systemctl; the real one is met in PortiaWatch.Tests.</summary>
public sealed class SystemdServiceTests : IDisposable
{
    private static readonly string[] Program = ["/opt/portia", "watch"];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task InstallAsync_Twice_RunsTheSameStepsAndLeavesOneUnit()
    {
        SystemdService service = Service(Manager("active", 4711));

        UserServiceReport first = await service.InstallAsync(Program, CancellationToken.None);
        UserServiceReport second = await service.InstallAsync(Program, CancellationToken.None);

        Assert.Equal((true, true, 4711), (first.IsInstalled, first.IsLoaded, first.Pid));
        Assert.Equal(first with { Notes = null }, second with { Notes = null });
        Assert.Equal([_folder["units/portia.service"]], Directory.GetFiles(_folder["units"]));
        string[] steps = ["daemon-reload", "enable", "restart", "show"];
        string[] runs = await File.ReadAllLinesAsync(_folder["systemctl.runs"]);
        Assert.Equal([.. steps, .. steps], runs);
    }

    [Fact]
    public async Task InstallAsync_WatcherEndsAtOnce_SaysWhyAndWhereItsLogIs()
    {
        UserServiceReport report = await Service(Manager("failed", 0, """
            ExecMainStatus=2
            Result=exit-code
            """)).InstallAsync(Program, CancellationToken.None);

        Assert.Equal((true, false), (report.IsInstalled, report.IsLoaded));
        Assert.Contains("another watcher", report.Sentence, StringComparison.Ordinal);
        Assert.Contains("journalctl --user -u portia.service", report.NextStep, StringComparison.Ordinal);
    }

    [Fact]
    public async Task InstallAsync_NoSystemctl_WritesTheUnitAndDoesNotClaimMore()
    {
        UserServiceReport report = await new SystemdService(new Systemctl(null), ServiceUnit.Watcher(Surroundings())).InstallAsync(Program, CancellationToken.None);

        Assert.Equal((false, false), (report.IsInstalled, report.IsLoaded));
        Assert.True(File.Exists(_folder["units/portia.service"]));
        Assert.Equal("portia watch", report.NextStep);
    }

    [Fact]
    public async Task UninstallAsync_NothingThere_IsFine()
    {
        UserServiceReport report = await new SystemdService(new Systemctl(null), ServiceUnit.Watcher(Surroundings())).UninstallAsync(CancellationToken.None);

        Assert.Equal((false, "The watcher was not installed."), (report.IsInstalled, report.Sentence));
        Assert.False(Directory.Exists(_folder["units"]));
    }

    [Fact]
    public async Task StatusAsync_RunningButNotEnabled_SaysThatItWillNotComeBack()
    {
        UserServiceReport report = await Service(Manager("active", 9, enabled: "disabled")).StatusAsync(CancellationToken.None);

        Assert.Equal((false, true, 9), (report.IsInstalled, report.IsLoaded, report.Pid));
        Assert.Equal("systemctl --user enable portia.service", report.NextStep);
    }

    [Fact]
    public async Task StatusAsync_HostileAnswer_IsAnAnswer()
    {
        string systemctl = StandIn.Make(_folder, "systemctl", "head -c 3000000 /dev/urandom; printf '\\nLoadState=loaded\\n=\\nActiveState\\nMainPID=99999999999\\n'");

        UserServiceReport report = await Service(systemctl).StatusAsync(CancellationToken.None);

        Assert.False(report.IsLoaded);
    }

    private string Manager(string state, int pid, string more = "Result=success", string enabled = "enabled") => StandIn.Make(_folder, "systemctl", $$"""
        [ "$1" = --user ] || exit 9
        echo "$3" >> "$0.runs"
        [ "$3" = show ] || exit 0
        cat <<'EOF'
        LoadState=loaded
        UnitFileState={{enabled}}
        ActiveState={{state}}
        MainPID={{pid}}
        {{more}}
        EOF
        """);

    private SystemdService Service(string systemctl) => new(new Systemctl(systemctl), ServiceUnit.Watcher(Surroundings()));

    private SystemdSurroundings Surroundings() => new(_folder["units"], "nobody-of-this-name", [("PATH", "/usr/bin")]);
}
