using System.CommandLine;
using PortiaWatch.Daemon;
using PortiaWatch.Pipeline;
using PortiaWatch.Rendering;

namespace PortiaWatch.Verbs;

/// <summary><c>portia install</c> and <c>portia uninstall</c>: the watcher as a service of the user's session.</summary>
internal static class ServiceVerbs
{
    private const string Root = "root";

    private static readonly Option<bool> Print = new("--print") { Description = "Show what would be written and run; change nothing." };

    private static readonly Option<bool> Kernel = new("--kernel")
    {
        Description = "Linux: the kernel sensor, as a service of the whole system (with sudo). It alone has rights, and tells each user's watcher of that user's programs.",
    };

    public static Command CreateInstall()
    {
        var command = new Command("install", "Run the watcher with your session: a systemd user unit on Linux, a LaunchAgent on macOS.") { Print, Kernel };
        command.SetAction(InstallAsync);
        return command;
    }

    public static Command CreateUninstall()
    {
        var command = new Command("uninstall", "Stop that watcher and remove it; configuration and history stay.") { Kernel };
        command.SetAction(UninstallAsync);
        return command;
    }

    private static async Task<int> InstallAsync(ParseResult parsed, CancellationToken cancellation)
    {
        bool isKernel = parsed.GetValue(Kernel);
        UserService service = Service(isKernel);
        IReadOnlyList<string> program = isKernel ? [.. WatcherProgram.Itself(), SensorVerb.Name] : WatcherProgram.Command(parsed.GetValue(GlobalOptions.Config));
        var terminal = new Terminal(parsed);
        if (parsed.GetValue(Print))
        {
            ServiceView.Show(terminal, service.Draft(program));
            return ExitCode.Done;
        }

        if (isKernel && Environment.UserName != Root)
            return await NotPermittedAsync("install");
        if (!isKernel && Environment.GetEnvironmentVariable("SUDO_UID") is { Length: > 0 } uid && uid != "0")
            throw new UsageException("Run this without sudo: the watcher belongs to your own session, not to root's.");
        UserServiceReport report = await WriteAsync(() => service.InstallAsync(program, cancellation));
        ServiceView.Show(terminal, report, report.Notes ?? []);
        return report is { IsInstalled: true, IsLoaded: true } ? ExitCode.Done : ExitCode.No;
    }

    private static async Task<int> UninstallAsync(ParseResult parsed, CancellationToken cancellation)
    {
        bool isKernel = parsed.GetValue(Kernel);
        if (isKernel && Environment.UserName != Root)
            return await NotPermittedAsync("uninstall");
        UserServiceReport report = await WriteAsync(() => Service(isKernel).UninstallAsync(cancellation));
        ServiceView.Show(new Terminal(parsed), report, !isKernel && KeptFolders.Note() is { } kept ? [kept] : []);
        return report.IsInstalled ? ExitCode.StillHeld : ExitCode.Done;
    }

    private static async Task<int> NotPermittedAsync(string verb)
    {
        await Console.Error.WriteLineAsync($"The kernel sensor is a service of the whole system: sudo portia {verb} --kernel");
        return ExitCode.NotPermitted;
    }

    private static UserService Service(bool isKernel) => isKernel
        ? Platforms.Here().SensorService ?? throw new UsageException("This system has no kernel sensor.")
        : Platforms.Here().Service
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
