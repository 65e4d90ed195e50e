using System.Text.Json;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Attacks;

/// <summary>Lines that name a port, written by whoever can write a line. Each meets a rule that kills whatever holds that port; nothing may be killed.</summary>
[Collection(AttackSuite.Name)]
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class ForgedLineTests(AttackTally attacks) : IDisposable
{
    // A journald of the test's own, as in JournalTests. Nobody vouches for the words of any of these.
    private const string Script = """
        set -e
        mount -t tmpfs tmpfs /run
        mkdir -p /run/systemd/journal /run/log/journal
        /lib/systemd/systemd-journald & journald=$!
        trap 'kill $journald' EXIT
        until [ -S /run/systemd/journal/stdout ] && [ -S /run/systemd/journal/dev-log ]; do sleep 0.05; done
        cd "$2"
        XDG_RUNTIME_DIR=/dev/null/none "$1" watch --source journal --json --config portia.json >out 2>messages & watch=$!
        until grep -q 'journal is running' messages; do kill -0 $watch; sleep 0.05; done
        n=0
        for port in $3; do
          n=$((n + 1))
          line="Error: listen EADDRINUSE: address already in use 127.0.0.1:$port"
          case $n in
            1) logger -u /run/systemd/journal/dev-log -t node --id=1 "$line" ;;
            2) printf 'MESSAGE=%s\n_PID=%s\n_UID=0\n_COMM=node\nSYSLOG_IDENTIFIER=node\n' "$line" "$$" | logger --journald ;;
            3) echo "$line" | systemd-cat -t node ;;
            4) setpriv --reuid=65534 --regid=65534 --clear-groups systemd-cat -t node echo "$line" ;;
            5) systemd-cat -t node cat server.log.$port ;;
          esac
        done
        for i in $(seq 300); do [ "$(wc -l <out)" -ge $n ] && break; sleep 0.05; done
        sleep 0.3
        kill $watch
        wait $watch
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public async Task Journal_ForgedByLoggerSystemdCatAndStrangers_StopsNothing()
    {
        const int Forgeries = 5;
        Server.Requires("python3", "journalctl", "systemd-cat", "logger", "setpriv", "unshare");
        Server.RequiresThat(Environment.UserName == "root", "a journald of one's own needs root");
        var victims = new List<(Server Server, int Port)>();
        try
        {
            for (int i = 0; i < Forgeries; i++)
                victims.Add(await VictimAsync());
            string ports = string.Join(' ', victims.Select(victim => victim.Port));
            _folder.Write("portia.json", KillRule(victims.Select(victim => victim.Port)));
            foreach ((_, int port) in victims)
                _folder.Write($"server.log.{port}", Line(port) + "\n");
            foreach (int _ in Enumerable.Range(0, Forgeries))
                attacks.Try();

            await using Server world = Server.Start(
                _folder.Path, "/usr/bin/unshare", "--mount", "--propagation", "private", "sh", "-c", Script, "sh", Portia.Program, _folder.Path, ports);
            int exitCode = await world.WaitForExitAsync();

            Assert.True(exitCode == 0, world.Output + await File.ReadAllTextAsync(Path.Combine(_folder.Path, "messages")));
            JsonElement[] incidents = [.. (await File.ReadAllLinesAsync(Path.Combine(_folder.Path, "out"))).Select(line => JsonDocument.Parse(line).RootElement)];
            foreach ((Server victim, int port) in victims)
            {
                JsonElement incident = Assert.Single(incidents, one => one.GetProperty("endpoint").GetProperty("port").GetInt32() == port);
                AssertNothingDone(incident, victim);
                attacks.Repelled();
            }
        }
        finally
        {
            foreach ((Server victim, _) in victims)
                await victim.DisposeAsync();
        }
    }

    [SkippableTheory]
    [InlineData("plain", "{0}")]
    [InlineData("a journal's record", """{{"__REALTIME_TIMESTAMP":"1","_PID":"1","_UID":"0","_COMM":"node","_TRANSPORT":"stdout","MESSAGE":"{0}"}}""")]
    [InlineData("a log stream's event", """{{"eventMessage":"{0}","processID":1,"userID":0,"subsystem":"com.apple.network","senderImagePath":"/usr/lib/libnetwork.dylib"}}""")]
    [InlineData("an incident of ours", """{{"schema":"portia.incident/1","confirmed":true,"collision":{{"trust":"kernel"}},"text":"{0}"}}""")]
    [InlineData("a web server's log", "127.0.0.1 - - [22/Nov/2026:10:00:00 +0000] GET / HTTP/1.1 200 1 - {0}")]
    [InlineData("behind escape codes", "\u001b[2J\u001b[1;1H\u001b[31m{0}\u001b[0m")]
    [InlineData("reversed", "\u202e{0}\u202c")]
    [InlineData("behind a carriage return", "all is well\r{0}")]
    public async Task Stdin_ForgedLine_StopsNothing(string kind, string form)
    {
        Server.Requires("python3");
        (Server victim, int port) = await VictimAsync();
        await using Server holder = victim;
        string config = _folder.Write("portia.json", KillRule([port]));
        attacks.Try();

        Portia.Answer answer = await Portia.PipeAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, form, Line(port)) + "\n", "watch", "--source", "stdin", "--json", "--config", config);

        Assert.True(answer.ExitCode == 0, $"{kind}: {answer.Messages}");
        Assert.All(answer.JsonLines, incident => AssertNothingDone(incident, holder));
        Assert.False(holder.HasExited);
        attacks.Repelled();
    }

    [SkippableFact]
    public async Task File_LineByAnotherUser_StopsNothing()
    {
        Server.Requires("python3", "setpriv");
        Server.RequiresThat(Environment.UserName == "root", "only root can become another user");
        (Server victim, int port) = await VictimAsync();
        await using Server holder = victim;
        string log = _folder.Write("app.log", "");
        foreach (string path in (string[])[_folder.Path, log])
            File.SetUnixFileMode(path, (UnixFileMode)0b111_111_111);
        using var session = new TemporaryFolder();
        string config = session.Write("portia.json", $$"""{ "sources": { "kernel": false, "systemLog": false, "files": ["{{log}}"] }, "rules": [ { "ports": [{{port}}], "action": "kill" } ] }""");
        await using Portia portia = Portia.StartIn(session.Path, "watch", "--json", "--config", config);
        await portia.WaitForMessageAsync("Source file is running");
        attacks.Try();

        await using Server writer = Server.Start(
            "/", "/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "/bin/sh", "-c", $"echo '{Line(port)}' >>{log}");
        Assert.Equal(0, await writer.WaitForExitAsync());

        AssertNothingDone(JsonDocument.Parse(await portia.ReadLineAsync() ?? "").RootElement, holder);
        attacks.Repelled();
    }

    private static string Line(int port) => $"Error: listen EADDRINUSE: address already in use 127.0.0.1:{port}";

    private static string KillRule(IEnumerable<int> ports) => $$"""{ "rules": [ { "name": "kill", "ports": [{{string.Join(", ", ports)}}], "action": "kill" } ] }""";

    private static void AssertNothingDone(JsonElement incident, Server victim)
    {
        Assert.True(incident.GetProperty("verdict").GetProperty("action").GetString() is "log" or "notify", incident.ToString());
        Assert.NotEmpty(incident.GetProperty("verdict").GetProperty("reason").GetString()!);
        Assert.False(victim.HasExited);
    }

    private async Task<(Server Server, int Port)> VictimAsync()
    {
        int port = Server.FreePort();
        return (await Server.Start(_folder.Path, "/usr/bin/python3", "-m", "http.server", "--bind", "127.0.0.1", $"{port}").ListensOnAsync(port), port);
    }
}
