using System.Globalization;
using PortiaWatch.Linux.Interop;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Systemd;

/// <summary>Installs the watcher as a systemd user unit, takes it away again, and tells how it is.</summary>
internal sealed class SystemdService(Systemctl systemctl, SystemdSurroundings surroundings)
{
    private const string ByHand = $"systemctl --user daemon-reload && systemctl --user enable --now {WatcherUnit.Name}";
    private const string ItsLog = $"journalctl --user -u {WatcherUnit.Name} -n 20";

    private string UnitFile => Path.Combine(surroundings.UnitFolder, WatcherUnit.Name);

    // What "enable" makes; taken away by hand where no manager can be asked to.
    private string WantsLink => Path.Combine(surroundings.UnitFolder, "default.target.wants", WatcherUnit.Name);

    public UserServiceDraft Draft(IReadOnlyList<string> program) => new(
        UnitFile,
        WatcherUnit.Text(program, surroundings.Environment, FileCapabilities.AreOn(program[0])),
        ["systemctl --user daemon-reload", $"systemctl --user enable {WatcherUnit.Name}", $"systemctl --user restart {WatcherUnit.Name}"]);

    /// <summary>Writes the unit, and starts it with the session from now on. Running it again is fine: the watcher is started anew, with the program as it is now.</summary>
    public async Task<UserServiceReport> InstallAsync(IReadOnlyList<string> program, CancellationToken cancellation)
    {
        Write(Draft(program).Text);
        if (await systemctl.RunAsync(cancellation, "daemon-reload") is not { } reload)
            return Written("systemd is not installed here, so nothing starts the watcher by itself.", "portia watch");
        if (!reload.IsSuccess)
            return Written($"The unit is written, but your systemd does not answer{Because(reload)}", $"In a session of your own: {ByHand}");
        if (await systemctl.RunAsync(cancellation, "enable", WatcherUnit.Name) is { IsSuccess: false } enable)
            return Written($"The unit is written, but cannot be enabled{Because(enable)}", ByHand);

        // Not "enable --now": a watcher that runs already would stay the old one.
        ShortRun? restart = await systemctl.RunAsync(cancellation, "restart", WatcherUnit.Name);
        UserServiceReport now = await StatusAsync(cancellation);
        if (restart is { IsSuccess: true } && now.IsLoaded)
            return now with { Sentence = $"The watcher is installed and runs{(now.Pid is { } pid ? $" (pid {pid})" : "")}. It starts with your session.", Notes = Notes() };
        return now with { IsLoaded = false, Sentence = $"The watcher is installed, and did not start. {now.Sentence}", NextStep = ItsLog };
    }

    /// <summary>Stops it and takes the unit away. Fine when nothing was there.</summary>
    public async Task<UserServiceReport> UninstallAsync(CancellationToken cancellation)
    {
        bool wasThere = File.Exists(UnitFile) || new FileInfo(WantsLink).LinkTarget is not null;
        IReadOnlyDictionary<string, string>? before = await systemctl.ShowAsync(WatcherUnit.Name, cancellation);
        if (before is not null && before["LoadState"] != "not-found")
        {
            await systemctl.RunAsync(cancellation, "disable", "--now", WatcherUnit.Name);
            wasThere = true;
        }

        if (Directory.Exists(surroundings.UnitFolder))
        {
            File.Delete(UnitFile);
            if (Directory.Exists(Path.GetDirectoryName(WantsLink)))
                File.Delete(WantsLink);
        }

        if (before is not null)
        {
            await systemctl.RunAsync(cancellation, "daemon-reload");
            await systemctl.RunAsync(cancellation, "reset-failed", WatcherUnit.Name);
        }

        return !wasThere ? new UserServiceReport(false, false, null, "The watcher was not installed.", null, UnitFile)
            : before is null ? new UserServiceReport(false, false, null, "The unit is removed. Your systemd does not answer, so a watcher that runs now was not stopped.", $"systemctl --user stop {WatcherUnit.Name}", UnitFile)
            : new UserServiceReport(false, false, null, "The watcher is stopped and uninstalled.", null, UnitFile);
    }

    /// <summary>How it stands.</summary>
    public async Task<UserServiceReport> StatusAsync(CancellationToken cancellation)
    {
        IReadOnlyDictionary<string, string>? unit = await systemctl.ShowAsync(WatcherUnit.Name, cancellation);
        if (unit is null)
        {
            return File.Exists(UnitFile)
                ? new UserServiceReport(File.Exists(WantsLink), false, null, "The unit is written, and your systemd cannot be asked about it from here.", $"In a session of your own: {ByHand}", UnitFile)
                : new UserServiceReport(false, false, null, systemctl.IsInstalled ? "The watcher is not installed, and no systemd of yours answers here." : "systemd is not installed here.", "portia watch", UnitFile);
        }

        if (unit["LoadState"] == "not-found")
            return new UserServiceReport(false, false, null, "The watcher is not installed.", "portia install", UnitFile);
        string file = unit.GetValueOrDefault("FragmentPath") is { Length: > 0 } path ? path : UnitFile;
        bool isEnabled = unit.GetValueOrDefault("UnitFileState") is "enabled" or "enabled-runtime" or "linked";
        if (unit.GetValueOrDefault("ActiveState") is "active" or "reloading")
        {
            int? pid = int.TryParse(unit.GetValueOrDefault("MainPID"), NumberStyles.None, CultureInfo.InvariantCulture, out int main) && main > 0 ? main : null;
            return new UserServiceReport(isEnabled, true, pid, isEnabled ? $"The watcher runs (pid {pid})." : $"The watcher runs (pid {pid}), and will not start with your next session.", isEnabled ? null : $"systemctl --user enable {WatcherUnit.Name}", file);
        }

        return new UserServiceReport(isEnabled, false, null, Failure(unit), ItsLog, file);
    }

    private static string Failure(IReadOnlyDictionary<string, string> unit) => (unit.GetValueOrDefault("Result"), unit.GetValueOrDefault("ExecMainStatus")) switch
    {
        ("exit-code", "2") => "It ended with 2: another watcher of yours runs already, or the configuration has an error (portia rules check).",
        ("exit-code", "3") => "It ended with 3: it lacks the rights for the source that the configuration asks for (portia doctor).",
        ("exit-code", "203") => "Its program file could not be started.",
        ("exit-code", { } code) => $"It ended with {code}.",
        ("success", _) => "It does not run now.",
        ({ } result, _) => $"It does not run: {PlainText.Clean(result, 40)}.",
        _ => "It does not run now.",
    };

    // Without a login at the console there is no desktop to ask on, but rules that kill or log work as well.
    private string[] Notes() => File.Exists(Path.Combine("/var/lib/systemd/linger", surroundings.User))
        ? ["It also runs while you are not logged in: lingering is on for you."]
        : ["It ends when you log out. To keep it running without a login, as on a server: loginctl enable-linger"];

    private UserServiceReport Written(string sentence, string next) => new(false, false, null, sentence, next, UnitFile);

    private static string Because(ShortRun run)
    {
        string said = PlainText.Clean(run.Errors.Split('\n')[0], 200).TrimEnd('.');
        return said.Length > 0 ? $": {said}." : run.ExitCode is null ? " in time." : ".";
    }

    private void Write(string text)
    {
        Directory.CreateDirectory(surroundings.UnitFolder);
        if (File.Exists(UnitFile) && File.ReadAllText(UnitFile) == text)
            return;
        string next = UnitFile + ".new";
        File.WriteAllText(next, text);
        File.Move(next, UnitFile, overwrite: true);
    }
}
