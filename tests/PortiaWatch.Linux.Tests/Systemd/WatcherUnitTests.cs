using System.Diagnostics;
using PortiaWatch.Linux.Systemd;
using PortiaWatch.Linux.Tests.Support;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Linux.Tests.Systemd;

public sealed class WatcherUnitTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Text_Packaged_IsWhatInstallWrites() =>
        Assert.Equal(WatcherUnit.Text(["/usr/bin/portia", "watch"], [], hasFileCapabilities: false), File.ReadAllText(Path.Join(AppContext.BaseDirectory, "packaging", "portia.service")));

    [Fact]
    public void Text_AnyUnit_LeavesTheLookupItsSight()
    {
        string[] keys = [.. WatcherUnit.Text(["/usr/bin/portia", "watch"], [], hasFileCapabilities: false).Split('\n').Where(line => line.Contains('=', StringComparison.Ordinal) && line[0] != '#').Select(line => line.Split('=')[0])];

        Assert.DoesNotContain(keys, key => key.StartsWith("Protect", StringComparison.Ordinal) || key.StartsWith("Private", StringComparison.Ordinal));
        Assert.Contains("NoNewPrivileges", keys);
        Assert.Contains("SystemCallFilter", keys);
    }

    [Fact]
    public void Text_ProgramWithCapabilities_HasNoLimitThatWouldTakeThemAway() =>
        Assert.DoesNotContain(
            WatcherUnit.Text(["/usr/bin/portia", "watch"], [], hasFileCapabilities: true).Split('\n'),
            line => line.StartsWith("NoNew", StringComparison.Ordinal) || line.StartsWith("Restrict", StringComparison.Ordinal) || line.StartsWith("SystemCall", StringComparison.Ordinal) || line.StartsWith("Lock", StringComparison.Ordinal));

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void Text_LintedBySystemd_IsClean(bool hasFileCapabilities)
    {
        string unit = WatcherUnit.Text(["/bin/true", "watch"], [("PATH", "/opt/a b/bin:/usr/bin"), ("XDG_CONFIG_HOME", "/home/d%\"\\/c")], hasFileCapabilities);

        (int code, string said) = Verify(unit);

        Assert.True(code == 0 && said.Length == 0, said);
    }

    [SkippableFact]
    public void Verify_BrokenUnit_IsRefused()
    {
        string unit = WatcherUnit.Text(["/bin/true", "watch"], [], hasFileCapabilities: false).Replace("RestartSec", "RestartSex", StringComparison.Ordinal);

        Assert.NotEqual(0, Verify(unit).Code);
    }

    // systemd-analyze refuses a unit whose program is not there, so a program in a folder of that name is found under exactly that name.
    [SkippableTheory]
    [InlineData("plain")]
    [InlineData("with space")]
    [InlineData("100%n")]
    [InlineData("$HOME and ${HOME}")]
    [InlineData("ü→;")]
    [InlineData(" ; ")]
    public void Command_AnyFolder_IsFoundBySystemd(string name)
    {
        string[] program = Program(name);

        Assert.Equal((0, ""), Verify(WatcherUnit.Text(program, [("NAME", name)], hasFileCapabilities: false)));

        File.Delete(program[0]);
        Assert.NotEqual(0, Verify(WatcherUnit.Text(program, [], hasFileCapabilities: false)).Code);
    }

    [SkippableTheory]
    [InlineData("a\"b'c\\d")]
    [InlineData("tab\tnewline\n")]
    public void Command_FolderThatSystemdTakesFromNobody_GoesThroughAShell(string name)
    {
        string unit = WatcherUnit.Text(Program(name), [("NAME", name)], hasFileCapabilities: false);

        Assert.Equal((0, ""), Verify(unit));
        Assert.Contains("ExecStart=:/bin/sh -c \"exec \\\"$0\\\" \\\"$@\\\"\" \"", unit, StringComparison.Ordinal);
    }

    private string[] Program(string name)
    {
        Directory.CreateDirectory(_folder["x" + name]);
        File.CreateSymbolicLink(_folder[$"x{name}/portia"], "/bin/true");
        return [_folder[$"x{name}/portia"], "watch", name];
    }

    private (int Code, string Said) Verify(string unit)
    {
        Require.Tool("systemd-analyze");
        _folder.Write(WatcherUnit.Name, unit);
        File.SetUnixFileMode(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var start = new ProcessStartInfo("systemd-analyze", ["--user", "--recursive-errors=yes", "verify", _folder[WatcherUnit.Name]]) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["XDG_RUNTIME_DIR"] = _folder.Path;
        using Process process = Process.Start(start)!;
        string said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, said);
    }
}
