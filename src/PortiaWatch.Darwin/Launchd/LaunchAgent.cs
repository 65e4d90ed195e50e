using System.Globalization;
using PortiaWatch.Darwin.Interop;
using PortiaWatch.Darwin.Programs;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Darwin.Launchd;

/// <summary>Installs the watcher as a LaunchAgent of the user, takes it away again, and tells how it is.</summary>
internal sealed class LaunchAgent
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    // bootout returns before the service is gone; ExitTimeOut gives the process up to 20 seconds.
    private const int LooksForEnd = 150;
    private const int BootstrapTries = 3;

    private const string SwitchOn = "Switch it on: System Settings, General, Login Items & Extensions, Allow in the Background; then run: portia install";

    private readonly Launchctl _launchctl;
    private readonly TimeProvider _time;
    private readonly string _stateFolder;
    private readonly List<(string Name, string Value)> _environment;
    private readonly string _domain = string.Create(CultureInfo.InvariantCulture, $"gui/{libSystem.geteuid()}");

    public LaunchAgent(Surroundings surroundings, string stateFolder)
    {
        _launchctl = new Launchctl(surroundings.Launchctl);
        _time = surroundings.Time;
        _stateFolder = stateFolder;
        PropertyList = Path.Combine(surroundings.Home, "Library", "LaunchAgents", AgentPlist.Label + ".plist");
        ErrorFile = Path.Combine(stateFolder, "launchd.err");
        _environment = [("PATH", string.Join(':', (string[])[.. surroundings.ToolFolders, "/usr/bin", "/bin", "/usr/sbin", "/sbin"]))];

        // Installed as a dotnet tool the watcher looks for the runtime, which may be where only the user's shell knows.
        if (surroundings.DotnetRoot is { Length: > 0 } root)
            _environment.Add(("DOTNET_ROOT", root));
    }

    public string PropertyList { get; }

    /// <summary>What a crash of the watcher prints.</summary>
    public string ErrorFile { get; }

    private string Service => $"{_domain}/{AgentPlist.Label}";

    /// <summary>What <see cref="InstallAsync"/> would write and run.</summary>
    public UserServiceDraft Draft(IReadOnlyList<string> program) => new(
        PropertyList, AgentPlist.Text(program, ErrorFile, _environment), [$"launchctl enable {Service}", $"launchctl bootstrap {_domain} '{PropertyList}'"]);

    /// <summary>Writes the property list, unloads what was loaded before, and loads it.</summary>
    /// <param name="program">Absolute path and arguments of the watcher.</param>
    /// <param name="cancellation">Stops between two steps.</param>
    public async Task<AgentReport> InstallAsync(IReadOnlyList<string> program, CancellationToken cancellation)
    {
        Write(AgentPlist.Text(program, ErrorFile, _environment));
        if (!await UnloadAsync(cancellation))
            return new AgentReport(AgentState.Loaded, "The watcher that runs now does not end.", $"launchctl kill SIGKILL {Service}");

        // What an earlier disable or uninstall left switched off would stay off without a word.
        await _launchctl.EnableAsync(Service, cancellation);
        for (int attempt = 1; ; attempt++)
        {
            ProgramResult? result = await _launchctl.BootstrapAsync(_domain, PropertyList, cancellation);
            if (result is null)
                return new AgentReport(AgentState.NotLoaded, "launchctl could not be started.");
            if (result.IsSuccess)
                break;
            if (attempt < BootstrapTries && result.ExitCode is Launchctl.OperationInProgress or Launchctl.InputOutputError)
            {
                await UnloadAsync(cancellation);
                await Task.Delay(Pause, _time, cancellation);
                continue;
            }

            AgentReport now = await StatusAsync(cancellation);
            return now.State == AgentState.SwitchedOff
                ? now
                : now with { Sentence = $"launchd refused the watcher: {PlainText.Clean(result.Error, 200).TrimEnd('.')}.", NextStep = $"plutil -lint '{PropertyList}'; then portia install" };
        }

        return await StatusAsync(cancellation);
    }

    /// <summary>Unloads it and leaves nothing behind. Fine when nothing was there.</summary>
    public async Task<AgentReport> UninstallAsync(CancellationToken cancellation)
    {
        bool isGone = await UnloadAsync(cancellation);
        File.Delete(PropertyList);
        File.Delete(ErrorFile);
        return isGone
            ? new AgentReport(AgentState.NotInstalled, "The watcher is uninstalled.")
            : new AgentReport(AgentState.Loaded, "The property list is removed, but the watcher does not end.", $"launchctl kill SIGKILL {Service}");
    }

    /// <summary>How it stands.</summary>
    public async Task<AgentReport> StatusAsync(CancellationToken cancellation)
    {
        if (!File.Exists(PropertyList))
            return new AgentReport(AgentState.NotInstalled, "The watcher is not installed.", "portia install");
        if (await _launchctl.PrintAsync(Service, cancellation) is { IsSuccess: true } service)
        {
            return int.TryParse(LaunchctlText.Value(service.Output, "pid"), NumberStyles.None, CultureInfo.InvariantCulture, out int pid)
                ? new AgentReport(AgentState.Running, $"The watcher runs (pid {pid}).", Pid: pid)
                : new AgentReport(AgentState.Loaded, "The watcher is loaded and does not run now.", $"launchctl kickstart -k {Service}");
        }

        if (await _launchctl.PrintDisabledAsync(_domain, cancellation) is { IsSuccess: true } switches && LaunchctlText.IsDisabled(switches.Output, AgentPlist.Label))
            return new AgentReport(AgentState.SwitchedOff, "The watcher is switched off in Login Items.", SwitchOn);
        return new AgentReport(AgentState.NotLoaded, "The watcher is installed and launchd has not loaded it; it may be switched off in Login Items.", SwitchOn);
    }

    /// <summary>True when launchd has no such service any more.</summary>
    private async Task<bool> UnloadAsync(CancellationToken cancellation)
    {
        for (int look = 0; look < LooksForEnd; look++)
        {
            if (await _launchctl.PrintAsync(Service, cancellation) is not { IsSuccess: true })
                return true;
            if (look == 0)
                await _launchctl.BootoutAsync(Service, cancellation);
            else
                await Task.Delay(Pause, _time, cancellation);
        }

        return false;
    }

    // launchd refuses a property list that others may write.
    private void Write(string text)
    {
        Directory.CreateDirectory(_stateFolder);
        Directory.CreateDirectory(Path.GetDirectoryName(PropertyList) ?? "/");
        string next = PropertyList + ".new";
        File.WriteAllText(next, text);
        File.SetUnixFileMode(next, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        File.Move(next, PropertyList, overwrite: true);
    }
}
