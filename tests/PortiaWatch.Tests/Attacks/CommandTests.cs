using System.Text.Json;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Attacks;

/// <summary>Names full of a shell's signs on their way into commands that are really run: an exec rule's, pm2's and systemctl's. Each word arrives as it is, or the command is not run.</summary>
[Collection(AttackSuite.Name)]
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class CommandTests(AttackTally attacks) : IDisposable
{
    // Writes each word of its command line as a line, and what it was handed besides.
    private const string Recorder = "#!/bin/sh\nfor word in \"$0\" \"$@\"; do printf '%s\\n' \"$word\"; done >\"$(dirname \"$0\")/words\"\nprintf '%s\\n' \"${PM2_HOME-}\" >\"$(dirname \"$0\")/home\"\n[ -t 0 ] || cat >\"$(dirname \"$0\")/input\"\n";

    // As a real pm2: the daemon's title is its command line, and the child has its number from it.
    private const string Pm2 = """
        import os, socket, sys, time
        title, port = sys.argv[1], int(sys.argv[2])
        if len(sys.argv) == 3:
            os.execv("/usr/bin/python3", ["PM2 v5.3.0: God Daemon (" + title + ")", __file__, title, str(port), "parent"])
        if sys.argv[3] == "parent" and os.fork() == 0:
            os.execve("/usr/bin/python3", ["server", __file__, title, str(port), "child"], dict(os.environ, pm_id="0"))
        if sys.argv[3] == "child":
            s = socket.socket(); s.bind(("127.0.0.1", port)); s.listen()
            print("child", os.getpid(), flush=True)
        time.sleep(120)
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Signs => ["$(touch PWNED)", "`touch PWNED`", "a; touch PWNED", "a && touch PWNED #", "a' ; touch PWNED ; '", "a\"; touch PWNED; \"", "a|touch PWNED", "a\ntouch PWNED", "*"];

    [SkippableTheory]
    [MemberData(nameof(Signs))]
    public async Task Exec_RuleOfAHostileIncident_RunsOneProgramWithItsOwnWords(string signs)
    {
        Server.Requires("python3", "sh");
        attacks.Try();
        int port = Server.FreePort();
        string project = Directory.CreateDirectory(Path.Combine(_folder.Path, signs.Replace('/', '_'))).FullName;
        await using Server holder = await Server.Start(project, "/usr/bin/python3", "-m", "http.server", "--bind", "127.0.0.1", $"{port}").ListensOnAsync(port);
        string program = Program("record");
        string config = _folder.Write("portia.json", $$"""{ "rules": [ { "ports": [{{port}}], "trust": "text", "action": "exec", "command": {{JsonSerializer.Serialize(new[] { program, signs, "$PORTIA_PORT" })}} } ] }""");

        JsonElement incident = await WatchOnceAsync(config, port, $"{signs.Replace('\n', ' ')}: ");

        Assert.Equal("executed", incident.GetProperty("outcome").GetProperty("kind").GetString());
        Assert.Equal($"{program}\n{signs}\n$PORTIA_PORT\n", await File.ReadAllTextAsync(Path.Combine(_folder.Path, "words")));
        using JsonDocument input = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(_folder.Path, "input")));
        Assert.Equal(project, input.RootElement.GetProperty("holders")[0].GetProperty("cwd").GetString());
        AssertNothingElseRan();
        attacks.Repelled();
    }

    [SkippableTheory]
    [MemberData(nameof(Signs))]
    public async Task Pm2_HomeWithAShellsSigns_ArrivesAsOneWord(string signs)
    {
        Server.Requires("python3", "sh");
        attacks.Try();
        int port = Server.FreePort();
        string home = "/tmp/" + signs.Trim();
        Program("pm2");
        await using Server pm2 = await Server.Start(_folder.Path, "/usr/bin/python3", _folder.Write("god.py", Pm2), home, $"{port}").PrintsAsync("child");
        int child = int.Parse(pm2.Output.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        try
        {
            JsonElement incident = await WatchOnceAsync(StopConfig(port), port);

            // The recorder stops nobody, and Portia does not finish what pm2 left undone.
            Assert.Equal("stillHeld", incident.GetProperty("outcome").GetProperty("kind").GetString());
            Assert.Equal($"{Path.Combine(_folder.Path, "pm2")}\nstop\n0\n", await File.ReadAllTextAsync(Path.Combine(_folder.Path, "words")));
            Assert.Equal(home + "\n", await File.ReadAllTextAsync(Path.Combine(_folder.Path, "home")));
            AssertNothingElseRan();
            attacks.Repelled();
        }
        finally
        {
            Signals.Send(child, Signals.Kill);
        }
    }

    [SkippableTheory]
    [InlineData("*.service", false)]
    [InlineData("-Hevil.service", false)]
    [InlineData("$(touch PWNED).service", false)]
    [InlineData("a;touch PWNED;.service", false)]
    [InlineData("a b.service", false)]
    [InlineData("portia-attack\\x2d1@x.service", true)]
    public async Task Systemd_UnitNameThatMeansMore_IsNotStopped(string unit, bool isOne)
    {
        Server.Requires("python3", "sh");
        string root = ((string[])["/sys/fs/cgroup/systemd", "/sys/fs/cgroup/unified", "/sys/fs/cgroup"]).FirstOrDefault(folder => File.Exists(Path.Combine(folder, "cgroup.procs"))) ?? "/none";
        string cgroup = Path.Combine(root, unit);
        Server.RequiresThat(CanMake(cgroup), "cgroups cannot be made here");
        attacks.Try();
        int port = Server.FreePort();
        Program("systemctl");
        try
        {
            await using Server holder = await Server.Start(_folder.Path, "/usr/bin/python3", "-m", "http.server", "--bind", "127.0.0.1", $"{port}").ListensOnAsync(port);
            await File.WriteAllTextAsync(Path.Combine(cgroup, "cgroup.procs"), $"{holder.Pid}");

            JsonElement incident = await WatchOnceAsync(StopConfig(port), port);

            Assert.Equal("systemd", incident.GetProperty("holders")[0].GetProperty("supervisor").GetProperty("kind").GetString());
            Assert.False(holder.HasExited);
            string words = Path.Combine(_folder.Path, "words");
            Assert.Equal(isOne, File.Exists(words));
            if (isOne)
                Assert.Equal($"{Path.Combine(_folder.Path, "systemctl")}\nstop\n{unit}\n", await File.ReadAllTextAsync(words));
            AssertNothingElseRan();
            attacks.Repelled();
        }
        finally
        {
            Directory.Delete(cgroup);
        }
    }

    private static bool CanMake(string cgroup)
    {
        try
        {
            return Directory.CreateDirectory(cgroup).Exists;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string Kill(int port) => $$"""{ "ports": [{{port}}], "trust": "text", "action": "kill" }""";

    private string StopConfig(int port) => _folder.Write("portia.json", $$"""{ "rules": [ {{Kill(port)}} ], "strike": { "supervised": "stop", "grace": "100ms" } }""");

    private string Program(string name)
    {
        string program = _folder.Write(name, Recorder);
        File.SetUnixFileMode(program, (UnixFileMode)0b111_000_000);
        return program;
    }

    private async Task<JsonElement> WatchOnceAsync(string config, int port, string before = "")
    {
        await using Portia portia = Portia.Start(["watch", "--source", "stdin", "--json", "--config", config], [("PATH", $"{_folder.Path}:{Environment.GetEnvironmentVariable("PATH")}")]);
        await portia.Input.WriteLineAsync($"{before}Error: listen EADDRINUSE: address already in use 127.0.0.1:{port}");
        portia.Input.Close();
        return JsonDocument.Parse(await portia.ReadLineAsync() ?? "").RootElement;
    }

    private void AssertNothingElseRan()
    {
        foreach (string folder in (string[])[_folder.Path, Environment.CurrentDirectory, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)])
            Assert.False(File.Exists(Path.Combine(folder, "PWNED")), folder);
    }
}
