using System.Text.Json;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Watching;

/// <summary>The whole way through a real journald: a program under systemd-cat is refused, and the built watcher reads it out of the journal.</summary>
public sealed class JournalTests
{
    // A mount namespace of its own gives the journald an empty /run, beside whatever journald the machine has.
    private const string Script = """
        set -e
        mount -t tmpfs tmpfs /run
        mkdir -p /run/systemd/journal /run/log/journal
        /lib/systemd/systemd-journald & journald=$!
        trap 'kill $journald' EXIT
        until [ -S /run/systemd/journal/stdout ]; do sleep 0.05; done
        XDG_RUNTIME_DIR=/dev/null/none "$1" watch $3 --json >"$2/out" 2>"$2/messages" & watch=$!
        until grep -q 'journal is running' "$2/messages" && { [ "${3#*kernel}" = "$3" ] || grep -q 'kernel is running' "$2/messages"; }; do kill -0 $watch; sleep 0.05; done
        systemd-cat -t shop sh -c 'echo $$ >"$0/pid"; exec /usr/bin/node "$0/server.js"' "$2" || true
        for i in $(seq 200); do [ -s "$2/out" ] && break; sleep 0.05; done
        sleep 1.5
        kill $watch
        wait $watch
        """;

    [SkippableFact]
    public async Task Watch_RealProgramUnderSystemdCat_IsOneIncidentWithItsPidAndTheHolder()
    {
        JsonElement incident = await OnlyIncidentAsync("--source journal");

        Assert.Equal("journal", incident.GetProperty("collision").GetProperty("sources")[0].GetString());
        Assert.Equal("system", incident.GetProperty("collision").GetProperty("trust").GetString());
    }

    [SkippableFact]
    public async Task Watch_KernelBesideTheJournal_IsStillOneIncident()
    {
        JsonElement incident = await OnlyIncidentAsync("--source kernel --source journal");

        Assert.Equal("kernel", incident.GetProperty("collision").GetProperty("trust").GetString());
    }

    private static async Task<JsonElement> OnlyIncidentAsync(string sources)
    {
        Server.Requires("node", "journalctl", "systemd-cat", "unshare");
        Server.RequiresThat(Environment.UserName == "root", "a journald of one's own needs root");
        using var folder = new TemporaryFolder();
        int port = Server.FreePort();
        folder.Write("server.js", $"require('http').createServer().listen({port}, '127.0.0.1')");
        await using Server holder = await Server.Start(folder.Path, "/usr/bin/node", "server.js").ListensOnAsync(port);

        await using Server world = Server.Start(
            folder.Path, "/usr/bin/unshare", "--mount", "--propagation", "private", "sh", "-c", Script, "sh", Portia.Program, folder.Path, sources);
        int exitCode = await world.WaitForExitAsync();

        string messages = await File.ReadAllTextAsync(Path.Combine(folder.Path, "messages"));
        Assert.True(exitCode == 0, world.Output + messages);

        // The kernel sees what other tests do meanwhile, too.
        string[] lines = await File.ReadAllLinesAsync(Path.Combine(folder.Path, "out"));
        JsonElement incident = Assert.Single(
            lines.Select(line => JsonDocument.Parse(line).RootElement),
            one => one.GetProperty("endpoint").GetProperty("port") is { ValueKind: JsonValueKind.Number } number && number.GetInt32() == port);
        Assert.Equal(int.Parse(await File.ReadAllTextAsync(Path.Combine(folder.Path, "pid"))), incident.GetProperty("contender").GetProperty("pid").GetInt32());
        Assert.Equal(holder.Pid, Assert.Single(incident.GetProperty("holders").EnumerateArray()).GetProperty("pid").GetInt32());
        Assert.True(incident.GetProperty("confirmed").GetBoolean(), incident.GetProperty("doubts").ToString());
        Assert.False(holder.HasExited);
        return incident;
    }
}
