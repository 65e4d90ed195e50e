using System.Text.Json;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Watching;

/// <summary>A watcher without any rights, told by the system's sensor of its own user's refused programs and of nobody else's.</summary>
public sealed class SystemSensorTests
{
    // A mount namespace of its own gives the sensor an empty /run. The watcher's home is closed to it, which must not end it either.
    private const string Script = """
        set -e
        chmod 0755 "$2"
        cp -r "$(dirname "$1")" "$2/bin"
        mount -t tmpfs tmpfs /run
        mkdir -m 0700 "$2/closed"
        as="env HOME=$2/closed XDG_CONFIG_HOME=$2/closed XDG_STATE_HOME=$2/closed XDG_DATA_HOME=$2/closed XDG_RUNTIME_DIR=$2/closed setpriv --clear-groups --no-new-privs"
        code=0
        $as --reuid=65534 --regid=65534 "$2/bin/portia" watch --source kernel 2>"$2/alone" </dev/null || code=$?
        echo $code >"$2/code"
        "$1" sensor 2>"$2/sensor" & sensor=$!
        trap 'kill $sensor 2>/dev/null || true' EXIT
        until [ -S /run/portia/sensor.sock ]; do kill -0 $sensor; sleep 0.05; done
        $as --reuid=65534 --regid=65534 "$2/bin/portia" watch --source kernel --json >"$2/out" 2>"$2/messages" & watch=$!
        until grep -q 'kernel is running' "$2/messages"; do kill -0 $watch; sleep 0.05; done
        "$2/refused" tcp 127.0.0.1 "$3" || true
        $as --reuid=65533 --regid=65533 "$2/refused" tcp 127.0.0.1 "$3" || true
        touch "$2/pid"; chmod 0666 "$2/pid"
        $as --reuid=65534 --regid=65534 sh -c 'echo $$ >"$0/pid"; exec "$0/refused" tcp 127.0.0.1 "$1"' "$2" "$3" || true
        for i in $(seq 200); do [ -s "$2/out" ] && break; sleep 0.05; done
        sleep 0.3
        kill -9 $sensor
        until grep -q 'sensor has ended' "$2/messages"; do kill -0 $watch; sleep 0.05; done
        rm -r /run/portia
        until grep -q 'does not run now' "$2/messages"; do kill -0 $watch; sleep 0.05; done
        "$1" sensor 2>>"$2/sensor" & sensor=$!
        until [ "$(grep -c 'kernel is running' "$2/messages")" = 2 ]; do kill -0 $watch; sleep 0.05; done
        kill $watch
        wait $watch
        """;

    [SkippableFact]
    public async Task Watch_WithoutRights_EndsWith3UntilASensorTellsItOfItsOwnUsersPrograms()
    {
        SilentPrograms.Require("setpriv", "unshare");
        using var folder = new TemporaryFolder();
        string program = Path.Combine(folder.Path, "refused");
        await using (Server compiler = Server.Start(folder.Path, "/usr/bin/cc", "-O1", "-pthread", "-o", program, Path.Combine(AppContext.BaseDirectory, "Watching", "refused.c")))
            Assert.True(await compiler.WaitForExitAsync() == 0, compiler.Output);
        using var taken = new TakenPort("127.0.0.1");

        await using Server world = Server.Start(
            folder.Path, "/usr/bin/unshare", "--mount", "--propagation", "private", "sh", "-c", Script, "sh", Portia.Program, folder.Path, $"{taken.Port}");
        int exitCode = await world.WaitForExitAsync();

        string messages = await File.ReadAllTextAsync(Path.Combine(folder.Path, "messages"));
        Assert.True(exitCode == 0, $"{exitCode} {world.Output}" + messages + await File.ReadAllTextAsync(Path.Combine(folder.Path, "sensor")));
        Assert.Equal("3", (await File.ReadAllTextAsync(Path.Combine(folder.Path, "code"))).Trim());
        Assert.Contains("sudo portia install --kernel", await File.ReadAllTextAsync(Path.Combine(folder.Path, "alone")), StringComparison.Ordinal);
        JsonElement incident = JsonDocument.Parse(Assert.Single(await File.ReadAllLinesAsync(Path.Combine(folder.Path, "out")))).RootElement;
        Assert.Equal(int.Parse(await File.ReadAllTextAsync(Path.Combine(folder.Path, "pid"))), incident.GetProperty("contender").GetProperty("pid").GetInt32());
        Assert.Equal(65534, incident.GetProperty("contender").GetProperty("uid").GetInt32());
        Assert.Equal("kernel", incident.GetProperty("collision").GetProperty("trust").GetString());
        Assert.Equal(taken.Port, incident.GetProperty("endpoint").GetProperty("port").GetInt32());
    }
}
