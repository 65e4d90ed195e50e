using System.CommandLine;
using PortiaWatch.Daemon;
using PortiaWatch.Pipeline;
using PortiaWatch.Rendering;

namespace PortiaWatch.Verbs;

/// <summary><c>portia install</c> and <c>portia uninstall</c>: the watcher as a service of the user's session.</summary>
internal static class ServiceVerbs
{
    private static readonly Option<bool> Print = new("--print") { Description = "Show what would be written and run; change nothing." };

    public static Command CreateInstall()
    {
        var command = new Command("install", "Run the watcher with your session: a systemd user unit on Linux, a LaunchAgent on macOS.") { Print };
        command.SetAction(InstallAsync);
        return command;
    }

    public static Command CreateUninstall()
    {
        var command = new Command("uninstall", "Stop that watcher and remove it; configuration and history stay.");
        command.SetAction(UninstallAsync);
        return command;
    }

    private static async Task<int> InstallAsync(ParseResult parsed, CancellationToken cancellation)
    {
        UserService service = Service();
        IReadOnlyList<string> program = WatcherProgram.Command(parsed.GetValue(GlobalOptions.Config));
        var terminal = new Terminal(parsed);
        if (parsed.GetValue(Print))
        {
            ServiceView.Show(terminal, service.Draft(program));
            return ExitCode.Done;
        }

        if (Environment.GetEnvironmentVariable("SUDO_UID") is { Length: > 0 } uid && uid != "0")
            throw new UsageException("Run this without sudo: the watcher belongs to your own session, not to root's.");
        UserServiceReport report = await WriteAsync(() => service.InstallAsync(program, cancellation));
        ServiceView.Show(terminal, report, report.Notes ?? []);
        return report is { IsInstalled: true, IsLoaded: true } ? ExitCode.Done : ExitCode.No;
    }

    private static async Task<int> UninstallAsync(ParseResult parsed, CancellationToken cancellation)
    {
        UserServiceReport report = await WriteAsync(() => Service().UninstallAsync(cancellation));
        ServiceView.Show(new Terminal(parsed), report, KeptFolders.Note() is { } kept ? [kept] : []);
        return report.IsInstalled ? ExitCode.StillHeld : ExitCode.Done;
    }

    private static UserService Service() => Platforms.Here().Service
        ?? throw new UsageException("There is no service for this system yet. Start the watcher in your session with: portia watch");

    private static async Task<UserServiceReport> WriteAsync(Func<Task<UserServiceReport>> step)
    {
        try
        {
            return await step();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The service's file cannot be written: {error.Message}", error);
        }
    }
}
