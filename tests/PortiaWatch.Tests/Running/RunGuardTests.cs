using System.Globalization;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Running;

/// <summary>What keeps <c>portia run --free</c> from a strike although it is certain who holds the port: whose it is, and how often it was struck.</summary>
public sealed class RunGuardTests : IDisposable
{
    private const string OneStrike = """{ "sources": { "kernel": false, "systemLog": false }, "rules": [ { "action": "log" } ], "strike": { "budget": { "strikes": 1, "per": "10m" } } }""";

    private readonly TemporaryFolder _folder = new();
    private readonly int _port = Server.FreePort();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public async Task Free_WatcherRuns_IsStruckThereAndCountsAgainstItsBudget()
    {
        await using Watcher watcher = await Watcher.StartAsync(_folder, OneStrike);
        await using (Server stale = await NodeAsync())
        {
            await using Portia first = Portia.StartIn(_folder.Path, "run", "--free", "--", "node", Script);
            Assert.Equal($"listening on {_port}", await first.ReadLineAsync());
            Assert.Equal(143, await stale.WaitForExitAsync());
            await watcher.Portia.WaitForMessageAsync("asked for by pid");
            Signals.Send(first.Pid, Signals.Terminate);
            await first.WaitForExitAsync();
        }

        await using Server again = await NodeAsync();
        Portia.Answer second = await Portia.RunInAsync(_folder.Path, "run", "--free", "--", "node", Script);

        Assert.Equal(1, second.ExitCode);
        Assert.Contains("freed as often as the budget allows", second.Messages, StringComparison.Ordinal);
        Assert.False(again.HasExited);
    }

    [SkippableFact]
    public async Task Free_StruckByHandThroughTheWatcher_IsNoMatterOfTheBudget()
    {
        await using Watcher watcher = await Watcher.StartAsync(_folder, OneStrike);
        for (int i = 0; i < 2; i++)
        {
            await using Server stale = await NodeAsync();
            Assert.Equal(0, (await Portia.RunInAsync(_folder.Path, "free", $"{_port}", "--yes")).ExitCode);
        }
    }

    [SkippableFact]
    public async Task Free_SuspendedWatcher_SaysSoAndGivesTheCommandsAnswer()
    {
        await using Watcher watcher = await Watcher.StartAsync(_folder);
        await using Server stale = await NodeAsync();
        Signals.Send(watcher.Portia.Pid, Signals.Stop);

        Portia.Answer answer = await Portia.RunInAsync(_folder.Path, "run", "--free", "--", "node", Script);

        Assert.Equal(1, answer.ExitCode);
        Assert.Contains($"The watcher (pid {watcher.Portia.Pid}) does not answer, so nothing was stopped", answer.Messages, StringComparison.Ordinal);
        Assert.False(stale.HasExited);
    }

    [SkippableFact]
    public async Task Free_HolderThatComesBack_OpensTheCircuitAndNamesIt()
    {
        Server.Requires("node");
        WriteServer();
        string config = _folder.Write("portia.json", OneStrike);

        // Somebody starts the holder again, too late to be taken for its supervisor; the command waits for that each time.
        await using Server keeper = Server.Start(_folder.Path, "/bin/sh", "-c", "n=0; while :; do n=$((n+1)); UP=up$n node server.js; sleep 1; done");
        const string Command = "n=$(($(cat count 2>/dev/null || echo 0)+1)); echo $n >count; until test -e up$n; do sleep 0.05; done; exec node server.js";
        await using Typist typist = Typist.Start(_folder.Path, "portia", "run", "--free", "--config", config, "--", "sh", "-c", Command);

        await typist.SeesAsync($"portia: freed {_port}");
        await typist.SeesAsync("keeps being taken by node (pid ");
        await typist.SeesAsync("freed as often as the budget allows");
        Assert.Equal(1, await typist.Exit);
        Signals.Send(int.Parse(await File.ReadAllTextAsync(Path.Combine(_folder.Path, "up2")), CultureInfo.InvariantCulture), Signals.Kill);
    }

    [SkippableFact]
    public async Task Free_AnotherUsersHolder_IsNotStoppedByRootEither()
    {
        Server.Requires("node", "setpriv");
        Server.RequiresThat(Environment.IsPrivilegedProcess, "another user's process needs root");
        WriteServer();
        await using Server stranger = await Server.Start(_folder.Path, "/bin/sh", "-c", "chmod 755 . && exec setpriv --reuid 65534 --regid 65534 --clear-groups node server.js").PrintsAsync("listening");
        await using Typist typist = Typist.Start(_folder.Path, "portia", "run", "--free", "--", "node", "server.js");

        await typist.SeesAsync("so nobody was stopped");
        Assert.Equal(1, await typist.Exit);
        Assert.False(stranger.HasExited);
    }

    private string Script => Path.Combine(_folder.Path, "server.js");

    private Task<Server> NodeAsync()
    {
        Server.Requires("node");
        WriteServer();
        return Server.Start(_folder.Path, "/usr/bin/env", "node", "server.js").PrintsAsync("listening");
    }

    private void WriteServer() => _folder.Write("server.js", $$"""
        require('http').createServer((q, r) => r.end()).listen({{_port}}, '127.0.0.1', () => {
          if (process.env.UP) require('fs').writeFileSync(process.env.UP, '' + process.pid);
          console.log('listening on {{_port}}');
        });
        """);
}
