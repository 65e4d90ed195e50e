using System.Globalization;
using PortiaWatch.Linux.Interop;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Systemd;

/// <summary>Installs a unit of ours, takes it away again, and tells how it is.</summary>
internal sealed class SystemdService(Systemctl systemctl, ServiceUnit unit)
{
    public UserServiceDraft Draft(IReadOnlyList<string> program) => new(
        unit.File,
        unit.Text(program),
        [$"{unit.Control} daemon-reload", $"{unit.Control} enable {unit.Name}", $"{unit.Control} restart {unit.Name}"]);

    /// <summary>Writes the unit, and starts it with the session from now on. Running it again is fine: the watcher is started anew, with the program as it is now.</summary>
    public async Task<UserServiceReport> InstallAsync(IReadOnlyList<string> program, CancellationToken cancellation)
    {
        if (unit.Objection(program) is { } objection)
            return Unfinished(objection.Sentence, objection.NextStep);
        Write(Draft(program).Text);
        if (await systemctl.RunAsync(cancellation, "daemon-reload") is not { } reload)
            return Unfinished("systemd is not installed here, so nothing starts it by itself.", unit.InForeground);
        if (!reload.IsSuccess)
            return Unfinished($"The unit is written, but {unit.Manager} does not answer{Because(reload)}", $"Where it does: {unit.ByHand}");
        if (await systemctl.RunAsync(cancellation, "enable", unit.Name) is { IsSuccess: false } enable)
            return Unfinished($"The unit is written, but cannot be enabled{Because(enable)}", unit.ByHand);

        // Not "enable --now": a watcher that runs already would stay the old one.
        ShortRun? restart = await systemctl.RunAsync(cancellation, "restart", unit.Name);
        UserServiceReport now = await StatusAsync(cancellation);
        if (restart is { IsSuccess: true } && now.IsLoaded)
            return now with { Sentence = $"{unit.Subject} is installed and runs{(now.Pid is { } pid ? $" (pid {pid})" : "")}. {unit.Starts}", Notes = unit.Notes() };
        return now with { IsLoaded = false, Sentence = $"{unit.Subject} is installed, and did not start. {now.Sentence}", NextStep = unit.Log };
    }

    /// <summary>Stops it and takes the unit away. Fine when nothing was there.</summary>
    public async Task<UserServiceReport> UninstallAsync(CancellationToken cancellation)
    {
        bool wasThere = File.Exists(unit.File) || new FileInfo(unit.WantsLink).LinkTarget is not null;
        IReadOnlyDictionary<string, string>? before = await systemctl.ShowAsync(unit.Name, cancellation);
        if (before is not null && before["LoadState"] != "not-found")
        {
            await systemctl.RunAsync(cancellation, "disable", "--now", unit.Name);
            wasThere = true;
        }

        if (Directory.Exists(unit.Folder))
        {
            File.Delete(unit.File);
            if (Directory.Exists(Path.GetDirectoryName(unit.WantsLink)))
                File.Delete(unit.WantsLink);
        }

        if (before is not null)
        {
            await systemctl.RunAsync(cancellation, "daemon-reload");
            await systemctl.RunAsync(cancellation, "reset-failed", unit.Name);
        }

        return !wasThere ? new UserServiceReport(false, false, null, $"{unit.Subject} was not installed.", null, unit.File)
            : before is null ? new UserServiceReport(false, false, null, $"The unit is removed, but {unit.Manager} does not answer, so one that runs now was not stopped.", $"{unit.Control} stop {unit.Name}", unit.File)
            : new UserServiceReport(false, false, null, $"{unit.Subject} is stopped and uninstalled.", null, unit.File);
    }

    /// <summary>How it stands.</summary>
    public async Task<UserServiceReport> StatusAsync(CancellationToken cancellation)
    {
        IReadOnlyDictionary<string, string>? shown = await systemctl.ShowAsync(unit.Name, cancellation);
        if (shown is null)
        {
            return File.Exists(unit.File)
                ? new UserServiceReport(File.Exists(unit.WantsLink), false, null, $"The unit is written, and {unit.Manager} cannot be asked about it from here.", $"Where it can: {unit.ByHand}", unit.File)
                : new UserServiceReport(false, false, null, systemctl.IsInstalled ? $"{unit.Subject} is not installed, and {unit.Manager} does not answer here." : "systemd is not installed here.", unit.InForeground, unit.File);
        }

        if (shown["LoadState"] == "not-found")
            return new UserServiceReport(false, false, null, $"{unit.Subject} is not installed.", unit.Install, unit.File);
        string file = shown.GetValueOrDefault("FragmentPath") is { Length: > 0 } path ? path : unit.File;
        bool isEnabled = shown.GetValueOrDefault("UnitFileState") is "enabled" or "enabled-runtime" or "linked";
        if (shown.GetValueOrDefault("ActiveState") is "active" or "reloading")
        {
            int? pid = int.TryParse(shown.GetValueOrDefault("MainPID"), NumberStyles.None, CultureInfo.InvariantCulture, out int main) && main > 0 ? main : null;
            return new UserServiceReport(isEnabled, true, pid, isEnabled ? $"{unit.Subject} runs (pid {pid})." : $"{unit.Subject} runs (pid {pid}), and will not start by itself the next time.", isEnabled ? null : $"{unit.Control} enable {unit.Name}", file);
        }

        return new UserServiceReport(isEnabled, false, null, Failure(shown), unit.Log, file);
    }

    private string Failure(IReadOnlyDictionary<string, string> shown) => (shown.GetValueOrDefault("Result"), shown.GetValueOrDefault("ExecMainStatus")) switch
    {
        ("exit-code", { } code) when unit.Meaning(code) is { } meaning => meaning,
        ("exit-code", "203") => "Its program file could not be started.",
        ("exit-code", { } code) => $"It ended with {code}.",
        ("success", _) => "It does not run now.",
        ({ } result, _) => $"It does not run: {PlainText.Clean(result, 40)}.",
        _ => "It does not run now.",
    };

    private UserServiceReport Unfinished(string sentence, string next) => new(false, false, null, sentence, next, unit.File);

    private static string Because(ShortRun run)
    {
        string said = PlainText.Clean(run.Errors.Split('\n')[0], 200).TrimEnd('.');
        return said.Length > 0 ? $": {said}." : run.ExitCode is null ? " in time." : ".";
    }

    private void Write(string text)
    {
        Directory.CreateDirectory(unit.Folder);
        if (File.Exists(unit.File) && File.ReadAllText(unit.File) == text)
            return;
        string next = unit.File + ".new";
        File.WriteAllText(next, text);
        File.Move(next, unit.File, overwrite: true);
    }
}
