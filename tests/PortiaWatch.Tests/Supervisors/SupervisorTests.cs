using System.Diagnostics;
using System.Text.Json;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Supervisors;

/// <summary>Real programs that start a server again: what is said of them, and what stops them.</summary>
public sealed class SupervisorTests(NodeTools tools) : IClassFixture<NodeTools>, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly int _port = Server.FreePort();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public async Task Pm2_Who_NamesTheCommandForThatVeryHome()
    {
        await using Pm2 pm2 = await StartPm2Async();

        JsonElement supervisor = await SupervisorAsync();

        Assert.Equal("pm2", supervisor.GetProperty("kind").GetString());
        Assert.Equal(["env", $"PM2_HOME={pm2.Home}", "pm2", "stop", "0"], supervisor.GetProperty("stop").EnumerateArray().Select(word => word.GetString()));
    }

    [SkippableFact]
    public async Task Pm2_KillRuleThatAdvises_SignalsNobodyAndShowsTheCommand()
    {
        await using Pm2 pm2 = await StartPm2Async();
        int before = await HolderAsync();

        JsonElement incident = await WatchOnceAsync(pm2, "advise");

        Assert.Equal("notify", incident.GetProperty("verdict").GetProperty("action").GetString());
        Assert.Contains($"env PM2_HOME={pm2.Home} pm2 stop 0", incident.GetProperty("verdict").GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(before, await HolderAsync());
    }

    [SkippableFact]
    public async Task Pm2_KillRuleThatStops_StopsItThroughPm2AndItStaysStopped()
    {
        await using Pm2 pm2 = await StartPm2Async();

        JsonElement incident = await WatchOnceAsync(pm2, "stop");

        Assert.Equal("freed", incident.GetProperty("outcome").GetProperty("kind").GetString());
        Assert.Contains("pm2 stop 0", incident.GetProperty("outcome").GetProperty("sentence").GetString(), StringComparison.Ordinal);
        Assert.Contains("stopped", await pm2.RunAsync("jlist"), StringComparison.Ordinal);
        Assert.Equal(1, (await Portia.RunAsync("who", $"{_port}")).ExitCode);
    }

    [SkippableFact]
    public async Task Nodemon_Free_IsRefusedAndSaysWhatToEnd()
    {
        string nodemon = tools.Find("nodemon");
        _folder.Write("server.js", Script());
        await using Server server = await Server.Start(_folder.Path, nodemon, "--quiet", "server.js").ListensOnAsync(_port);
        int holder = await HolderAsync();
        JsonElement supervisor = await SupervisorAsync();

        Portia.Answer answer = await Portia.RunAsync("free", $"{_port}", "--yes");

        Assert.Equal("nodemon", supervisor.GetProperty("kind").GetString());
        Assert.Equal(4, answer.ExitCode);
        Assert.Contains("nodemon", answer.Output + answer.Messages, StringComparison.Ordinal);
        Assert.Equal(holder, await HolderAsync());
        Signals.Send(holder, Signals.Terminate);
    }

    [SkippableFact]
    public async Task Loop_TakesThePortAgain_IsToldAfterTheOutcome()
    {
        Server.Requires("node");
        _folder.Write("server.js", Script());
        string config = _folder.Write("portia.json", $$"""{ "rules": [ { "ports": [{{_port}}], "trust": "text", "action": "kill" } ] }""");
        await using Server loop = await Server.Start(_folder.Path, "/bin/sh", "-c", "while :; do /usr/bin/node server.js; sleep 1; done").ListensOnAsync(_port);
        int first = await HolderAsync();
        await using Portia portia = Portia.Start("watch", "--source", "stdin", "--json", "--config", config);

        await portia.Input.WriteLineAsync($"Error: listen EADDRINUSE: address already in use 127.0.0.1:{_port}");
        await portia.Input.FlushAsync();
        JsonElement freed = JsonDocument.Parse(await portia.ReadLineAsync() ?? "").RootElement;
        JsonElement again = JsonDocument.Parse(await portia.ReadLineAsync() ?? "").RootElement;

        Assert.Equal("freed", freed.GetProperty("outcome").GetProperty("kind").GetString());
        Assert.Equal("takenAgain", again.GetProperty("outcome").GetProperty("kind").GetString());
        Assert.Equal(freed.GetProperty("id").GetString(), again.GetProperty("id").GetString());
        Assert.Contains($"sh, pid {loop.Pid}", again.GetProperty("outcome").GetProperty("sentence").GetString(), StringComparison.Ordinal);
        int second = await HolderAsync();
        Assert.NotEqual(first, second);
        Signals.Send(loop.Pid, Signals.Kill);
        Signals.Send(second, Signals.Kill);
    }

    private string Script() => $"require('http').createServer().listen({_port}, '127.0.0.1')";

    private async Task<JsonElement> WhoAsync() => (await Portia.RunAsync("who", $"{_port}", "--json")).Json.GetProperty("holders")[0];

    private async Task<int> HolderAsync() => (await WhoAsync()).GetProperty("pid").GetInt32();

    private async Task<JsonElement> SupervisorAsync() => (await WhoAsync()).GetProperty("supervisor");

    private async Task<JsonElement> WatchOnceAsync(Pm2 pm2, string supervised)
    {
        string config = _folder.Write("portia.json", $$"""
            { "rules": [ { "ports": [{{_port}}], "trust": "text", "action": "kill" } ], "strike": { "supervised": "{{supervised}}" } }
            """);
        await using Portia portia = Portia.Start(["watch", "--source", "stdin", "--json", "--config", config], [("PATH", pm2.SearchPath)]);
        await portia.Input.WriteLineAsync($"Error: listen EADDRINUSE: address already in use 127.0.0.1:{_port}");
        portia.Input.Close();
        return JsonDocument.Parse(await portia.ReadLineAsync() ?? "").RootElement;
    }

    private async Task<Pm2> StartPm2Async()
    {
        var pm2 = new Pm2(tools.Find("pm2"), Path.Combine(_folder.Path, "pm2"));
        await pm2.RunAsync("start", _folder.Write("server.js", Script()), "--name", "web");
        await using Server probe = await Server.Start(_folder.Path, "/bin/sleep", "60").ListensOnAsync(_port);
        return pm2;
    }

    /// <summary>A pm2 with a home of its own, whose daemon is ended with it.</summary>
    private sealed class Pm2(string program, string home) : IAsyncDisposable
    {
        public string Home => home;

        public string SearchPath => $"{Path.GetDirectoryName(program)}:{Environment.GetEnvironmentVariable("PATH")}";

        public async Task<string> RunAsync(params string[] arguments)
        {
            var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
            start.Environment["PM2_HOME"] = home;
            using Process process = Process.Start(start) ?? throw new InvalidOperationException("pm2 did not start");
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string output = await process.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(60));
            await process.WaitForExitAsync();
            return output + await errors;
        }

        public async ValueTask DisposeAsync() => await RunAsync("kill");
    }
}
