using System.Text.Json;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Telemetry;

/// <summary>Outcomes as entries of a real journald, which a mount namespace of its own gives an empty /run.</summary>
public sealed class JournalOutcomeTests
{
    private const string MessageId = "ca1a67de47c244e1974ed27f2f002970";

    // Two watchers: one reads a file and writes outcomes, the other reads the journal and must not take them for collisions. A last line of a third program ends the wait.
    private const string Script = """
        set -e
        mount -t tmpfs tmpfs /run
        mkdir -p /run/systemd/journal /run/log/journal
        /lib/systemd/systemd-journald & journald=$!
        trap 'kill $journald' EXIT
        until [ -S /run/systemd/journal/socket ]; do sleep 0.05; done
        XDG_RUNTIME_DIR=/dev/null/none "$1" watch --source journal --json >"$2/read" 2>"$2/messages" & watch=$!
        until grep -q 'journal is running' "$2/messages"; do kill -0 $watch; sleep 0.05; done
        "$1" watch --source stdin --config "$2/c.json" <"$2/lines" >/dev/null 2>"$2/second"
        echo 'Error: listen EADDRINUSE: address already in use 127.0.0.1:3212' | systemd-cat -t other
        for i in $(seq 200); do [ -s "$2/read" ] && break; sleep 0.05; done
        journalctl --sync
        journalctl MESSAGE_ID=$3 -o json --all >"$2/found"
        kill $watch
        wait $watch
        """;

    [SkippableFact]
    public async Task Watch_Outcome_IsFoundByItsMessageIdAndNeverReadBack()
    {
        Server.Requires("journalctl", "systemd-cat", "unshare");
        Server.RequiresThat(Environment.UserName == "root", "a journald of one's own needs root");
        using var folder = new TemporaryFolder();
        folder.Write("lines", "Error: listen EADDRINUSE: address already in use 127.0.0.1:3211\n");
        folder.Write("c.json", """{ "rules": [ { "name": "mine\nPORTIA_PORT=1", "action": "log" } ], "telemetry": { "journal": true } }""");

        await using Server world = Server.Start(
            folder.Path, "/usr/bin/unshare", "--mount", "--propagation", "private", "sh", "-c", Script, "sh", Portia.Program, folder.Path, MessageId);
        int exitCode = await world.WaitForExitAsync();

        Assert.True(exitCode == 0, world.Output + await File.ReadAllTextAsync(Path.Combine(folder.Path, "second")));
        string[] found = await File.ReadAllLinesAsync(Path.Combine(folder.Path, "found"));
        JsonElement entry = JsonDocument.Parse(Assert.Single(found, line => line.Contains("3211", StringComparison.Ordinal))).RootElement;
        Assert.Equal("3211", entry.GetProperty("PORTIA_PORT").GetString());
        Assert.Equal("logged", entry.GetProperty("PORTIA_OUTCOME").GetString());
        Assert.Equal("stdin", entry.GetProperty("PORTIA_SOURCE").GetString());
        Assert.Equal("mine\nPORTIA_PORT=1", entry.GetProperty("PORTIA_RULE").GetString());
        Assert.Equal("6", entry.GetProperty("PRIORITY").GetString());
        Assert.Contains("127.0.0.1:3211", entry.GetProperty("MESSAGE").GetString(), StringComparison.Ordinal);

        string read = Assert.Single(await File.ReadAllLinesAsync(Path.Combine(folder.Path, "read")));
        Assert.Contains("3212", read, StringComparison.Ordinal);
    }
}
