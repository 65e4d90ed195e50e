using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Storms;

/// <summary>A real journald, and a journalctl under the watcher that somebody ends again and again.</summary>
public sealed class DyingJournalTests
{
    // $1 the program, $2 a folder, $3 how often. Children are found by their parent's number, and signalled by their own.
    private const string Script = """
        set -e
        children() { grep -ls "^PPid:[[:space:]]*$1\$" /proc/[0-9]*/status | cut -d/ -f3; }
        lives() { [ -d /proc/$1 ] && ! grep -qs '^State:[[:space:]]*Z' /proc/$1/status; }
        mount -t tmpfs tmpfs /run
        mkdir -p /run/systemd/journal /run/log/journal
        /lib/systemd/systemd-journald & journald=$!
        trap 'kill $journald' EXIT
        until [ -S /run/systemd/journal/stdout ]; do sleep 0.05; done
        XDG_RUNTIME_DIR=/dev/null/none "$1" watch --source journal --json >"$2/out" 2>"$2/messages" & watch=$!
        until grep -q 'journal is running' "$2/messages"; do kill -0 $watch; sleep 0.05; done
        trap 'kill $journald $watch' EXIT
        for n in $(seq $3); do
          kill -9 $(children $watch)
          systemd-cat -t shop echo "listen tcp 127.0.0.1:$((20000 + n)): bind: address already in use"
          for i in $(seq 600); do grep -q "\"port\":$((20000 + n))" "$2/out" && break; sleep 0.05; done
        done
        last=$(children $watch)
        kill -9 $watch
        trap 'kill $journald' EXIT
        for i in $(seq 100); do lives $last || break; sleep 0.05; done
        if lives $last; then echo "journalctl outlived the watcher"; kill -9 $last; fi
        """;

    [SkippableFact]
    public async Task Watch_JournalctlDiesAgainAndAgain_MissesNothingAndLeavesNoneBehind()
    {
        Server.Requires("journalctl", "systemd-cat", "unshare");
        Server.RequiresThat(Environment.UserName == "root", "a journald of one's own needs root");
        using var folder = new TemporaryFolder();

        // The pause doubles from death to death, so that the sixth is followed by 16 s.
        int deaths = Figures.Rounds(3, 6);

        await using Server world = Server.Start(
            folder.Path, "/usr/bin/unshare", "--mount", "--propagation", "private", "sh", "-c", Script, "sh", Portia.Program, folder.Path, $"{deaths}");
        int exitCode = await world.WaitForExitAsync();

        string messages = await File.ReadAllTextAsync(Path.Combine(folder.Path, "messages"));
        Assert.True(exitCode == 0, world.Output + messages);
        Assert.DoesNotContain("outlived", world.Output, StringComparison.Ordinal);
        string told = await File.ReadAllTextAsync(Path.Combine(folder.Path, "out"));
        Assert.All(Enumerable.Range(1, deaths), n => Assert.Contains($"\"port\":{20000 + n}", told, StringComparison.Ordinal));
        Assert.Equal(deaths, messages.Split("Source journal failed").Length - 1);
        Figures.Add($"dying source: journalctl killed {deaths} times, 0 failures lost, none left behind after SIGKILL of the watcher");
    }
}
