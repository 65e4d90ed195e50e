using System.Diagnostics;
using PortiaWatch.Linux.Systemd;
using PortiaWatch.Linux.Tests.Support;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Linux.Tests.Systemd;

public sealed class SensorUnitTests : IDisposable
{
    private static readonly string[] Program = ["/usr/bin/true", "sensor"];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Text_Packaged_IsWhatInstallWrites() =>
        Assert.Equal(SensorUnit.Text(["/usr/bin/portia", "sensor"]), File.ReadAllText(Path.Join(AppContext.BaseDirectory, "packaging", SensorUnit.Name)));

    [Fact]
    public void Text_Capabilities_AreTheThreeThatAreNeeded() => Assert.Equal(
        ["AmbientCapabilities=CAP_BPF CAP_PERFMON CAP_DAC_READ_SEARCH", "CapabilityBoundingSet=CAP_BPF CAP_PERFMON CAP_DAC_READ_SEARCH"],
        SensorUnit.Text(Program).Split('\n').Where(line => line.Contains("CAP_", StringComparison.Ordinal)));

    [SkippableFact]
    public void Text_LintedBySystemd_IsClean()
    {
        Require.Tool("systemd-analyze");
        _folder.Write(SensorUnit.Name, SensorUnit.Text(Program));
        using Process process = Process.Start(new ProcessStartInfo("systemd-analyze", ["--recursive-errors=yes", "verify", _folder[SensorUnit.Name]])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        string said = process.StandardError.ReadToEnd();
        process.WaitForExit();

        Assert.True(process.ExitCode == 0 && !said.Contains("portia-sensor", StringComparison.Ordinal), said);
    }

    [SkippableFact]
    public async Task InstallAsync_ProgramThatOthersCanReplace_IsRefusedAndNothingIsWritten()
    {
        Require.That(Environment.UserName == "root", "only root has folders of root");
        _folder.Write("portia", "");
        string program = _folder["portia"];
        File.SetUnixFileMode(program, (UnixFileMode)0b111_111_101);

        UserServiceReport report = await Service().InstallAsync([program, "sensor"], CancellationToken.None);

        Assert.False(report.IsInstalled);
        Assert.Contains("can be changed by others than root", report.Sentence, StringComparison.Ordinal);
        Assert.Contains("/usr/local/bin/portia install --kernel", report.NextStep, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["units"]));
    }

    [SkippableFact]
    public async Task InstallAsync_ProgramOfRoot_GoesThroughTheSystemsManager()
    {
        Require.That(Environment.UserName == "root" && ProgramSafety.WeakPlace(Program) is null, "needs a program of root");
        UserServiceReport report = await Service().InstallAsync(Program, CancellationToken.None);

        Assert.True(report is { IsInstalled: true, IsLoaded: true, Pid: 12 }, report.Sentence);
        Assert.Equal(SensorUnit.Text(Program), await File.ReadAllTextAsync(_folder["units/" + SensorUnit.Name]));
        Assert.Equal(["daemon-reload", "enable", "restart", "show"], await File.ReadAllLinesAsync(_folder["systemctl.runs"]));
    }

    [Fact]
    public void WeakPlace_WordsThatAreNoFiles_AreNone() => Assert.Null(ProgramSafety.WeakPlace(["sensor", "/no/such/file"]));

    private SystemdService Service() => new(
        new Systemctl(
            StandIn.Make(_folder, "systemctl", """
                [ "$1" = --system ] || exit 9
                echo "$3" >> "$0.runs"
                [ "$3" = show ] && printf 'LoadState=loaded\nUnitFileState=enabled\nActiveState=active\nMainPID=12\n'
                exit 0
                """),
            ofSystem: true),
        ServiceUnit.Sensor(_folder["units"]));
}
