using System.Diagnostics;
using System.Text.Json;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Hooks;

/// <summary>Real programs of Node with the installed hook, beside a real watcher that has no other source.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class NodeHookTests : IDisposable
{
    private const string Serve = "const server = require('http').createServer(); server.listen(PORT, '127.0.0.1', () => console.log('ready'));";
    private const string ExitsAtOnce = "const server = require('net').createServer(); server.on('error', () => process.exit(7)); server.listen(PORT, '127.0.0.1');";

    private const string MovesOn = """
        const server = require('net').createServer();
        server.on('error', () => server.listen(0, '127.0.0.1'));
        server.on('listening', () => setTimeout(() => process.exit(), 1500));
        server.listen(PORT, '127.0.0.1');
        """;

    private const string InWorker = "const { Worker } = require('worker_threads'); new Worker(`require('net').createServer().listen(PORT, '127.0.0.1')`, { eval: true });";

    private const string InCluster = """
        const cluster = require('cluster');
        if (cluster.isMaster) { cluster.fork(); cluster.on('exit', () => process.exit(3)); }
        else require('net').createServer().on('error', () => process.exit()).listen(PORT, '127.0.0.1');
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData("unhandled", Serve)]
    [InlineData("exits at once", ExitsAtOnce)]
    [InlineData("worker", InWorker)]
    [InlineData("cluster", InCluster)]
    public async Task Node_RefusedPort_IsOneIncidentWithItsPidAndTheHolder(string way, string program)
    {
        await using Watcher watcher = await Watcher.StartAsync(_folder);
        await using Server holder = await HoldAsync(out int port);
        (int Pid, int ExitCode, string Output) refused = await NodeAsync(program, port, await HookAsync());

        JsonElement incident = JsonDocument.Parse(await watcher.Portia.ReadLineAsync() ?? "").RootElement;

        Assert.Equal(port, incident.GetProperty("endpoint").GetProperty("port").GetInt32());
        Assert.True(refused.Pid == incident.GetProperty("contender").GetProperty("pid").GetInt32(), way);
        Assert.Equal(_folder.Path, incident.GetProperty("contender").GetProperty("cwd").GetString());
        Assert.Equal(holder.Pid, Assert.Single(incident.GetProperty("holders").EnumerateArray()).GetProperty("pid").GetInt32());
        Assert.Equal("child", incident.GetProperty("collision").GetProperty("trust").GetString());
        Assert.True(incident.GetProperty("confirmed").GetBoolean());
        Assert.Equal(1, (await watcher.StatusAsync()).GetProperty("counters").GetProperty("incidents").GetInt32());
    }

    [SkippableFact]
    public async Task Node_UnixSocketInUse_NamesItsPath()
    {
        await using Watcher watcher = await Watcher.StartAsync(_folder);
        string path = Path.Combine(_folder.Path, "app.sock");
        await using Server holder = await Server.Start(_folder.Path, "/usr/bin/node", "-e", $"require('net').createServer().listen('{path}', () => console.log('ready'))").PrintsAsync("ready");

        await NodeAsync($"require('net').createServer().listen('{path}')", 0, await HookAsync());

        JsonElement incident = JsonDocument.Parse(await watcher.Portia.ReadLineAsync() ?? "").RootElement;
        Assert.Equal(path, incident.GetProperty("endpoint").GetProperty("path").GetString());
    }

    [SkippableFact]
    public async Task Node_ProgramThatMovesOn_LeavesTheHolderAlone()
    {
        await using Watcher watcher = await Watcher.StartAsync(
            _folder, """{ "sources": { "kernel": false, "systemLog": false }, "rules": [ { "action": "kill" } ] }""");
        await using Server holder = await HoldAsync(out int port);

        await NodeAsync(MovesOn, port, await HookAsync());

        JsonElement incident = JsonDocument.Parse(await watcher.Portia.ReadLineAsync() ?? "").RootElement;
        Assert.Equal("kill", incident.GetProperty("verdict").GetProperty("action").GetString());
        Assert.Equal("logged", incident.GetProperty("outcome").GetProperty("kind").GetString());
        Assert.Contains("moved on", incident.GetProperty("outcome").GetProperty("sentence").GetString(), StringComparison.Ordinal);
        Assert.False(holder.HasExited);
    }

    [SkippableFact]
    public async Task Node_KillRule_FreesThePortForTheNextStart()
    {
        await using Watcher watcher = await Watcher.StartAsync(
            _folder, """{ "sources": { "kernel": false, "systemLog": false }, "rules": [ { "action": "kill" } ] }""");
        await using Server holder = await HoldAsync(out int port);

        await NodeAsync(ExitsAtOnce, port, await HookAsync());

        JsonElement incident = JsonDocument.Parse(await watcher.Portia.ReadLineAsync() ?? "").RootElement;
        Assert.Equal("freed", incident.GetProperty("outcome").GetProperty("kind").GetString());
        Assert.Equal(128 + Signals.Terminate, await holder.WaitForExitAsync());
    }

    [SkippableTheory]
    [InlineData("unhandled", Serve)]
    [InlineData("exits at once", ExitsAtOnce)]
    public async Task Node_WithAndWithoutHookAndWatcher_DoesAndPrintsTheSame(string way, string program)
    {
        await using Server holder = await HoldAsync(out int port);
        string hook = await HookAsync();
        (int Pid, int ExitCode, string Output) plain = await NodeAsync(program, port, hook: null);

        (int Pid, int ExitCode, string Output) alone = await NodeAsync(program, port, hook);
        await using Watcher watcher = await Watcher.StartAsync(_folder);
        (int Pid, int ExitCode, string Output) watched = await NodeAsync(program, port, hook);
        // A watcher that is stopped answers nobody.
        Signals.Send(watcher.Portia.Pid, Signals.Stop);
        (int Pid, int ExitCode, string Output) unanswered = await NodeAsync(program, port, hook);

        Assert.True(plain.ExitCode != 0, way);
        Assert.Equal((plain.ExitCode, plain.Output), (alone.ExitCode, alone.Output));
        Assert.Equal((plain.ExitCode, plain.Output), (watched.ExitCode, watched.Output));
        Assert.Equal((plain.ExitCode, plain.Output), (unanswered.ExitCode, unanswered.Output));
    }

    [SkippableFact]
    public async Task Node_HooksTurnedOff_TellsNothing()
    {
        string log = _folder.Write("app.log", "");
        string config = _folder.Write("portia.json", $$"""{ "sources": { "kernel": false, "systemLog": false, "hooks": false, "files": ["{{log}}"] }, "rules": [ { "action": "log" } ] }""");
        await using Portia portia = Portia.StartIn(_folder.Path, "watch", "--json", "--config", config);
        await portia.WaitForMessageAsync("Source file is running");
        await using Server holder = await HoldAsync(out int port);

        await NodeAsync(ExitsAtOnce, port, await HookAsync());

        JsonElement status = (await Portia.RunInAsync(_folder.Path, "status", "--json")).Json;
        Assert.Equal(0, status.GetProperty("counters").GetProperty("records").GetInt32());
        Assert.Equal(1, status.GetProperty("refused").GetProperty("unknown").GetInt32());
    }

    [SkippableFact]
    public async Task Hook_InstalledTwice_IsTheSamePrivateFileAndOnlyTheLineIsPrinted()
    {
        Portia.Answer first = await InstallAsync();
        Portia.Answer second = await InstallAsync();
        string file = Path.Combine(_folder.Path, "portia", "hooks", "node.cjs");

        Assert.Equal(first.Output, second.Output);
        Assert.Single(first.Output.TrimEnd('\n').Split('\n'));
        Assert.Contains("Installed", first.Messages, StringComparison.Ordinal);
        Assert.Contains("Already installed", second.Messages, StringComparison.Ordinal);
        Assert.Equal((UnixFileMode)0b110_000_000, File.GetUnixFileMode(file));
        Assert.Equal((UnixFileMode)0b111_000_000, File.GetUnixFileMode(Path.GetDirectoryName(file)!));
        Assert.Equal(await File.ReadAllTextAsync(file), (await InstallAsync("--print")).Output);
    }

    [SkippableFact]
    public async Task Hook_LineInAProfile_AddsTheOptionOnceAndKeepsWhatWasThere()
    {
        Server.Requires("bash", "node");
        string line = (await InstallAsync("--shell", "bash")).Output;
        string profile = _folder.Write("profile", line + line);

        (int Pid, int ExitCode, string Output) answer = await RunAsync("/bin/bash", ["-c", $"set -eu; . '{profile}'; echo \"$NODE_OPTIONS\"; node -p 40+2"], [("NODE_OPTIONS", "--no-warnings")]);

        Assert.Equal($"--no-warnings --require {_folder.Path}/portia/hooks/node.cjs\n42\n", answer.Output);
    }

    [SkippableFact]
    public async Task Hook_Uninstalled_StillLetsNodeStartInOpenShells()
    {
        Server.Requires("node");
        string hook = await HookAsync();

        Portia.Answer answer = await InstallAsync("--uninstall");

        Assert.Equal(0, answer.ExitCode);
        Assert.Empty(answer.Output);
        (int Pid, int ExitCode, string Output) end = await RunAsync("/usr/bin/node", ["-p", "40+2"], [("NODE_OPTIONS", hook)]);
        Assert.Equal((0, "42\n"), (end.ExitCode, end.Output));
        Assert.Contains("There was no hook", (await Portia.RunAsync(["hook", "node", "--uninstall"], ("XDG_DATA_HOME", Path.Combine(_folder.Path, "other")))).Messages, StringComparison.Ordinal);
    }

    private Task<Portia.Answer> InstallAsync(params string[] arguments) => Portia.RunAsync(["hook", "node", .. arguments], ("XDG_DATA_HOME", _folder.Path));

    private async Task<string> HookAsync()
    {
        await InstallAsync();
        return $"--require {Path.Combine(_folder.Path, "portia", "hooks", "node.cjs")}";
    }

    private Task<Server> HoldAsync(out int port)
    {
        Server.Requires("node");
        port = Server.FreePort();
        return Server.Start(_folder.Path, "/usr/bin/node", _folder.Write("holder.js", Serve.Replace("PORT", $"{port}", StringComparison.Ordinal))).PrintsAsync("ready");
    }

    private Task<(int Pid, int ExitCode, string Output)> NodeAsync(string program, int port, string? hook) =>
        RunAsync("/usr/bin/node", [_folder.Write("refused.js", program.Replace("PORT", $"{port}", StringComparison.Ordinal))], [("NODE_OPTIONS", hook), ("XDG_RUNTIME_DIR", _folder.Path)]);

    private async Task<(int Pid, int ExitCode, string Output)> RunAsync(string program, string[] arguments, (string Name, string? Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = _folder.Path, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string? value) in environment)
            start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync(patience.Token);
        return (process.Id, process.ExitCode, output + await errors);
    }
}
