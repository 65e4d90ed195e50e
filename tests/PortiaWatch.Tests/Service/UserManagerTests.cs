using System.Text.Json;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Service;

/// <summary>The built program installs itself into a real systemd user manager, with a home and a cgroup of its own, and watches from there.</summary>
public sealed class UserManagerTests
{
    private const string Script = """
        set -e
        portia=$1 folder=$2
        mount -t tmpfs tmpfs /run/systemd
        mkdir -p /run/systemd/system "$folder/run" "$folder/home"
        chmod 700 "$folder/run"
        groups=
        for hierarchy in /sys/fs/cgroup/systemd /sys/fs/cgroup/unified /sys/fs/cgroup; do
          [ -e $hierarchy/cgroup.procs ] || continue
          group=$hierarchy/portia-test-$$
          mkdir $group
          echo $$ > $group/cgroup.procs
          groups="$groups $group"
        done
        export XDG_RUNTIME_DIR=$folder/run HOME=$folder/home XDG_CONFIG_HOME=$folder/home/.config
        unset DBUS_SESSION_BUS_ADDRESS XDG_STATE_HOME XDG_DATA_HOME
        /lib/systemd/systemd --user --log-target=console 2>"$folder/manager" & manager=$!
        finish() {
          kill $manager && wait $manager || true
          for group in $groups; do
            echo $$ > ${group%/*}/cgroup.procs
            find $group -depth -type d -exec rmdir {} + || true
          done
        }
        trap finish EXIT
        for i in $(seq 400); do systemctl --user list-units >/dev/null 2>&1 && break; sleep 0.05; done

        "$portia" install --json --config "$folder/$4" > "$folder/first"
        systemctl --user is-active portia.service
        systemctl --user is-enabled portia.service
        "$portia" install --json --config "$folder/$4" > "$folder/second"
        systemctl --user show portia.service --property=StatusText,NRestarts > "$folder/status"
        echo "listen tcp 127.0.0.1:$3: bind: address already in use" >> "$folder/app.log"
        for i in $(seq 600); do [ -s "$folder/incident" ] && break; sleep 0.05; done
        "$portia" uninstall > "$folder/gone"
        systemctl --user is-active portia.service && exit 9
        [ ! -e "$XDG_CONFIG_HOME/systemd/user/portia.service" ]
        [ -e "$folder/$4" ]
        "$portia" uninstall --json > "$folder/again"
        """;

    // A name in which systemd would see quotes, specifiers and variables, if it were let.
    private const string Configuration = "my 100%n \"$HOME\\x.json";

    [SkippableFact]
    public async Task Install_RealUserManager_RunsTheWatcherThatSeesHoldersAndGoesAgain()
    {
        Server.Requires("node", "systemctl", "unshare");
        Server.RequiresThat(Environment.UserName == "root", "a user manager of one's own needs root");
        Server.RequiresThat(File.Exists("/lib/systemd/systemd"), "systemd is not installed");
        using var folder = new TemporaryFolder();
        int port = Server.FreePort();
        folder.Write("server.js", $"require('http').createServer().listen({port}, '127.0.0.1')");
        folder.Write("app.log", "");
        Directory.CreateDirectory(Path.Combine(folder.Path, "home/.config/portia"));
        folder.Write(Configuration, $$"""
            { "sources": { "kernel": false, "systemLog": false, "files": ["{{folder.Path}}/app.log"] },
              "rules": [ { "trust": "text", "action": "exec", "command": ["/bin/sh", "-c", "cat > $0.new && mv $0.new $0", "{{folder.Path}}/incident"] } ] }
            """);
        await using Server holder = await Server.Start(folder.Path, "/usr/bin/node", "server.js").ListensOnAsync(port);

        await using Server world = Server.Start(
            folder.Path, "/usr/bin/unshare", "--mount", "--propagation", "private", "sh", "-c", Script, "sh", Portia.Program, folder.Path, $"{port}", Configuration);
        int exitCode = await world.WaitForExitAsync();

        Assert.True(exitCode == 0, world.Output + Read("first") + Read("second") + Read("manager"));
        JsonElement first = JsonDocument.Parse(Read("first")).RootElement;
        JsonElement second = JsonDocument.Parse(Read("second")).RootElement;
        Assert.True(first.GetProperty("loaded").GetBoolean());
        Assert.NotEqual(first.GetProperty("pid").GetInt32(), second.GetProperty("pid").GetInt32());
        Assert.Contains("enable-linger", first.GetProperty("notes")[0].GetString(), StringComparison.Ordinal);
        Assert.Contains("StatusText=watching file", Read("status"), StringComparison.Ordinal);

        // Under the unit's limits the holder is still found: what Protect* and Private* would have taken away.
        JsonElement incident = JsonDocument.Parse(Read("incident")).RootElement;
        Assert.Equal(holder.Pid, Assert.Single(incident.GetProperty("holders").EnumerateArray()).GetProperty("pid").GetInt32());
        Assert.Contains(".config/portia", Read("gone"), StringComparison.Ordinal);
        Assert.False(JsonDocument.Parse(Read("again")).RootElement.GetProperty("installed").GetBoolean());

        string Read(string name) => File.Exists(Path.Combine(folder.Path, name)) ? File.ReadAllText(Path.Combine(folder.Path, name)) : "";
    }
}
