using PortiaWatch.Pipeline.Striking;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Pipeline.Tests.Striking;

public sealed class StopCommandRunnerTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Resolve_Program_IsLookedForInAbsoluteFoldersOfThePathOnly()
    {
        _folder.Write("systemctl", "");
        string here = Path.GetRelativePath(Environment.CurrentDirectory, _folder.Path);

        Assert.Null(StopCommandRunner.Resolve("systemctl", $"{here}:.::/nonexistent"));
        Assert.Equal(_folder["systemctl"], StopCommandRunner.Resolve("systemctl", $"{here}:{_folder.Path}:/usr/bin"));
        Assert.Equal("/opt/stop", StopCommandRunner.Resolve("/opt/stop", ""));
    }

    [Theory]
    [InlineData("true", null)]
    [InlineData("portia-has-no-such-program", "could not be started: portia-has-no-such-program is not on the PATH")]
    public async Task RunAsync_Command_IsRunOrNamed(string program, string? expected) =>
        Assert.Equal(expected, await StopCommandRunner.RunAsync([program], Limit, CancellationToken.None));

    [Fact]
    public async Task RunAsync_Failure_IsTheEndOfASentence() =>
        Assert.Equal("ended with 3: no such unit", await StopCommandRunner.RunAsync(["sh", "-c", "echo no such unit >&2; exit 3"], Limit, CancellationToken.None));

    [Fact]
    public async Task RunAsync_ThatDoesNotEnd_IsGivenUp() =>
        Assert.Equal("did not end within 50 ms", await StopCommandRunner.RunAsync(["sleep", "5"], TimeSpan.FromMilliseconds(50), CancellationToken.None));

    [Fact]
    public async Task RunAsync_ThatReadsItsInput_FindsItEmpty() =>
        Assert.Null(await StopCommandRunner.RunAsync(["cat"], TimeSpan.FromSeconds(5), CancellationToken.None));

    [Fact]
    public async Task RunAsync_FileThatIsNoProgram_IsNotStarted()
    {
        _folder.Write("systemctl", "no program");

        string? failure = await StopCommandRunner.RunAsync([_folder["systemctl"]], Limit, CancellationToken.None);

        Assert.StartsWith("could not be started (", failure, StringComparison.Ordinal);
    }
}
