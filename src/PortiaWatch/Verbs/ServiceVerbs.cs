using System.CommandLine;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Rendering;
using Spectre.Console;

namespace PortiaWatch.Verbs;

/// <summary><c>portia install</c> and <c>portia uninstall</c>: the watcher as a service of the user's session.</summary>
internal static class ServiceVerbs
{
    public static Command CreateInstall()
    {
        var command = new Command("install", "Run the watcher with your session (LaunchAgent on macOS).");
        command.SetAction((parsed, cancellation) => RunAsync(parsed, service => service.InstallAsync([Watcher(), "watch"], cancellation), wantsInstalled: true));
        return command;
    }

    public static Command CreateUninstall()
    {
        var command = new Command("uninstall", "Stop that watcher and leave nothing behind.");
        command.SetAction((parsed, cancellation) => RunAsync(parsed, service => service.UninstallAsync(cancellation), wantsInstalled: false));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, Func<UserService, Task<UserServiceReport>> step, bool wantsInstalled)
    {
        UserService service = Platforms.Here().Service
            ?? throw new UsageException("There is no service for this system yet. Start the watcher in your session with: portia watch");
        UserServiceReport report = await step(service);
        var terminal = new Terminal(parsed);
        if (terminal.IsJson)
        {
            JsonLines.Write(terminal.RawAnswers, json =>
            {
                json.WriteStartObject();
                json.WriteString("schema", "portia.service/1");
                json.WriteBoolean("installed", report.IsInstalled);
                json.WriteBoolean("loaded", report.IsLoaded);
                json.WriteString("file", report.File);
                json.WriteString("sentence", report.Sentence);
                json.WriteString("nextStep", report.NextStep);
                json.WriteEndObject();
            });
        }
        else
        {
            terminal.Answers.Write(new Text(PlainText.Clean(report.Sentence, 600) + "\n"));
            if (report.NextStep is { } next)
                terminal.Answers.Write(new Text($"  {PlainText.Clean(next, 300)}\n"));
        }

        return report.IsInstalled == wantsInstalled ? ExitCode.Done : ExitCode.StillHeld;
    }

    private static string Watcher() => Environment.ProcessPath ?? throw new UsageException("The path of this program is not known, so it cannot be installed.");
}
