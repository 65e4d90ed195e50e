using System.Text.Json;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Verbs;

public sealed class BareCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Bare_NothingInstalled_SaysSoAndWhatToTry()
    {
        Portia.Answer answer = await RunAsync();

        Assert.Equal((0, ""), (answer.ExitCode, answer.Messages.Trim()));
        Assert.Contains("No refused port was seen", answer.Output, StringComparison.Ordinal);
        bool canInstall = !answer.Output.Contains("does not answer here", StringComparison.Ordinal) && !answer.Output.Contains("systemd is not installed", StringComparison.Ordinal);
        Assert.Contains(canInstall ? "portia install  " : "portia watch  ", answer.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(canInstall ? "portia watch  " : "portia install  ", answer.Output, StringComparison.Ordinal);
        Assert.Contains("portia who 3000", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bare_AfterAnIncident_TellsOfIt()
    {
        await using (Portia watcher = Portia.Start(["watch", "--source", "stdin", "--json"], [("XDG_DATA_HOME", _folder.Path)]))
        {
            await watcher.Input.WriteLineAsync("listen tcp 127.0.0.1:5994: bind: address already in use");
            await watcher.Input.FlushAsync();
            await watcher.ReadLineAsync();
            watcher.Input.Close();
            await watcher.WaitForExitAsync();
        }

        Portia.Answer answer = await RunAsync();
        JsonElement json = (await RunAsync("--json")).Json;

        Assert.Contains("1 refused port: 1 logged. The last at ", answer.Output, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1:5994", answer.Output, StringComparison.Ordinal);
        Assert.Equal("portia.overview/1", json.GetProperty("schema").GetString());
        Assert.Equal(1, json.GetProperty("today").GetProperty("outcomes").GetProperty("logged").GetInt32());
    }

    [Fact]
    public async Task Bare_WatcherRuns_NamesItsPid()
    {
        string config = _folder.Write("portia.json", $$"""{ "sources": { "kernel": false, "systemLog": false, "files": ["{{_folder.Path}}/app.log"] } }""");
        await using Portia watcher = Portia.Start(["watch", "--config", config], [("XDG_RUNTIME_DIR", _folder.Path)]);
        await watcher.WaitForMessageAsync("watching");

        Portia.Answer answer = await Portia.RunAsync([], ("XDG_DATA_HOME", _folder.Path), ("XDG_RUNTIME_DIR", _folder.Path));

        Assert.Contains($"The watcher runs (pid {watcher.Pid}).", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bare_HistoryThatCannotBeRead_DoesNotClaimThatNothingHappened()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "portia"));
        _folder.Write("portia/history.db", new string('x', 8192));

        Portia.Answer answer = await RunAsync();

        Assert.Equal(0, answer.ExitCode);
        Assert.Contains("Not known: the history cannot be read.", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bare_WordThatIsNoVerb_IsStillWrong()
    {
        Portia.Answer answer = await RunAsync("frobnicate");

        Assert.Equal(2, answer.ExitCode);
        Assert.Contains("frobnicate", answer.Messages, StringComparison.Ordinal);
    }

    private Task<Portia.Answer> RunAsync(params string[] arguments) => Portia.RunAsync(arguments, ("XDG_DATA_HOME", _folder.Path));
}
