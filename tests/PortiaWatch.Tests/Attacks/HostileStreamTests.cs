using System.Buffers;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Attacks;

/// <summary>What a running watcher tells of hostile programs, through whatever verb it is asked. The refused program, the holder, their folders, sockets and words are all a stranger's.</summary>
[Collection(AttackSuite.Name)]
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class HostileStreamTests(AttackTally attacks) : IDisposable
{
    private const string Forged = "port 22 is free";

    // Two programs of the same kind: one holds the port and a socket, the other is refused and says so to the watcher. Each is a file of a hostile name, in a hostile folder, that
    // calls itself something hostile.
    private const string Program = """
        import ctypes, json, os, socket, sys, time
        title, port, control, way = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
        ctypes.CDLL(None).prctl(15, title.encode())
        if way == "hold":
            s = socket.socket(); s.bind(("127.0.0.1", port)); s.listen()
            u = socket.socket(socket.AF_UNIX); u.bind(title.replace("/", "_")[:60]); u.listen()
            print("listening", flush=True); time.sleep(120)
        for path in (None, os.getcwd() + "/" + title.replace("/", "_")[:60]):
            c = socket.socket(socket.AF_UNIX); c.connect(control)
            hook = {"transport": "unix", "path": path} if path else {"address": "127.0.0.1", "port": port}
            c.send(json.dumps({"schema": "portia.request/1", "do": "hook", "hook": hook}).encode() + b"\n"); c.recv(100)
        """;

    private static readonly SearchValues<char> Never = SearchValues.Create("\u001b\u0007\u0008\u007f\u009b\u009d\u202e\u2066\u200b\u200d\ufeff\u00ad\u2028");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Titles =>
    [
        "\u001b]0;owned\u0007\u001b[2J\u001b[31mred",
        "a\u202egnp.exe\u2066\u200b\u200d\ufeff\u00adb",
        "a\r\n" + Forged + "\u0008\u0008\u009b2J\u009d0;x\u009c",
        "a\n" + Forged + "\u2028" + Forged,
        "[red]markup[/] {0} %s %n \\u001b[31m",
    ];

    [SkippableTheory]
    [MemberData(nameof(Titles))]
    public async Task Watcher_OfHostilePrograms_TellsEveryVerbHarmlessly(string title)
    {
        Server.Requires("python3");
        Server.RequiresThat(OperatingSystem.IsLinux(), "a program's name is set by prctl");
        int port = Server.FreePort();
        Portia.DataHome = _folder.Path;
        string log = _folder.Write("app.log", "");
        await using Watcher watcher = await Watcher.StartAsync(_folder, $$"""
            { "sources": { "kernel": false, "systemLog": false, "files": ["{{log}}"] }, "rules": [ { "name": {{System.Text.Json.JsonSerializer.Serialize(title)}}, "action": "log" } ] }
            """);
        await watcher.Portia.WaitForMessageAsync("Source file is running");
        await using Portia tail = Portia.StartIn(_folder.Path, "tail");
        await tail.WaitForMessageAsync("Following");
        await using Portia json = Portia.StartIn(_folder.Path, "tail", "--json");
        await json.WaitForMessageAsync("Following");

        string home = Directory.CreateDirectory(Path.Combine(_folder.Path, title.Replace('/', '_'))).FullName;
        string binary = Path.Combine(home, title.Replace('/', '_') + ".bin");
        File.Copy(new FileInfo("/usr/bin/python3").ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? "/usr/bin/python3", binary);
        string script = _folder.Write("hostile.py", Program);
        await using Server holder = await Server.Start(home, binary, script, title, $"{port}", watcher.Socket, "hold").PrintsAsync("listening");
        await using Server refused = Server.Start(home, binary, script, title, $"{port}", watcher.Socket, "ask");
        Assert.Equal(0, await refused.WaitForExitAsync());
        await File.AppendAllTextAsync(log, $"{title.Replace('\n', ' ')} Error: listen EADDRINUSE: address already in use 127.0.0.1:{port + 1}\n");
        await watcher.WaitForAsync(status => status.GetProperty("counters").GetProperty("incidents").GetInt32() >= 2);

        // Two lines of the refused at least have come by then, and what is to come has the same words in it.
        attacks.Try();
        string lines = "";
        for (int told = 0; told < 2;)
        {
            string line = await tail.ReadLineAsync() ?? throw new InvalidOperationException("tail has ended");
            told += line.Contains("logged", StringComparison.Ordinal) ? 1 : 0;
            lines += line + "\n";
        }

        AssertHarmless("tail", lines + tail.Messages);
        AssertHarmless("tail --json", await json.ReadLineAsync() + "\n");
        attacks.Repelled();
        foreach (string[] verb in (string[][])[["status"], ["status", "--prometheus"], ["status", "--json"], ["history"], ["history", "1"], ["history", "--json"], ["stats"], ["list"], ["who", $"{port}"],
            ["who", Path.Combine(home, title.Replace('/', '_'))], ["complete", "--", "who", ""], ["complete", "--", "rules", "explain", "--rule", ""], ["free", "--dry-run", "--yes", $"{port}"]])
        {
            attacks.Try();
            Portia.Answer answer = await Portia.RunInAsync(_folder.Path, verb);
            AssertHarmless(string.Join(' ', verb), answer.Output + answer.Messages);
            attacks.Repelled();
        }

        AssertHarmless("watch's own log", watcher.Portia.Messages);
    }

    [SkippableTheory]
    [InlineData("\u001b]0;owned\u0007\u001b[2J\u001b[31mred\u202e\u200b")]
    [InlineData("a\r\n" + Forged + "\u0008\u009b2J\u2028" + Forged)]
    public async Task Arguments_ThatAShellMadeOfHostileFileNames_AreRepeatedHarmlessly(string name)
    {
        // As in: cd Downloads; portia scan *
        string file = _folder.Write(name.Replace('/', '_'), "listen tcp 127.0.0.1:4997: bind: address already in use\n");
        string missing = file + ".missing";
        foreach (string[] verb in (string[][])[["scan", file, file], ["scan", missing], ["scan", _folder.Path + "/" + name.Replace('/', '_') + ".none*"], ["replay", missing], ["history", "import", missing],
            ["history", "import", file], ["rules", "check", file], ["rules", "check", missing], ["who", "3000", "--config", missing], ["who", missing], ["free", missing, "--yes"],
            ["watch", "--config", missing], ["watch", "--source", name], [name], ["list", "--" + name], ["completion", name], ["rules", "explain", "--rule", name], ["scan", "--since", name, file],
            ["stats", "--svg", file + ".svg"]])
        {
            attacks.Try();
            Portia.Answer answer = await Portia.RunAsync(verb);
            AssertHarmless(string.Join(' ', verb), answer.Output + answer.Messages);
            attacks.Repelled();
        }
    }

    private static void AssertHarmless(string verb, string shown)
    {
        Assert.True(shown.AsSpan().IndexOfAny(Never) < 0, $"{verb}: {Uri.EscapeDataString(shown)}");
        Assert.False(("\n" + shown.Replace('\r', '\n')).Contains("\n" + Forged, StringComparison.Ordinal), $"{verb}: {shown}");
    }
}
