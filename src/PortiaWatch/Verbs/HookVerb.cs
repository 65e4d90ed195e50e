using System.CommandLine;
using PortiaWatch.Hooks;
using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Rendering;
using Spectre.Console;

namespace PortiaWatch.Verbs;

/// <summary><c>portia hook node</c>: programs of Node tell the watcher themselves when they are refused a port.</summary>
internal static class HookVerb
{
    private static readonly Option<string?> Shell = new("--shell") { Description = "Whose line to print: bash, zsh or fish. Without it: your shell's.", HelpName = "SHELL" };
    private static readonly Option<bool> Print = new("--print") { Description = "Print the file that would be installed; write nothing." };
    private static readonly Option<bool> Uninstall = new("--uninstall") { Description = "Take the hook away." };

    public static Command Create()
    {
        Shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var node = new Command("node", "Install the hook for Node and print the line for your shell's profile.") { Shell, Print, Uninstall };
        node.SetAction((parsed, _) => Task.FromResult(Run(parsed)));
        return new Command("hook", "Let programs tell the watcher themselves when they are refused a port.") { node };
    }

    private static int Run(ParseResult parsed)
    {
        var terminal = new Terminal(parsed);
        if (parsed.GetValue(Print))
        {
            terminal.RawAnswers.Write(NodeHook.Text());
            return ExitCode.Done;
        }

        string shell = parsed.GetValue(Shell) ?? UsersShell();
        bool isUninstall = parsed.GetValue(Uninstall);
        FileOwnership ownership = Composition.OwnershipOn(Platforms.Here());
        bool hasChanged;
        try
        {
            if (!(isUninstall && !NodeHook.Exists) && NodeHook.ObjectionToFolders(ownership) is { } objection)
            {
                terminal.Messages.Write(new Text(objection + "\n"));
                return ExitCode.Refused;
            }

            hasChanged = isUninstall ? NodeHook.Uninstall(ownership) : NodeHook.Install(ownership);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            terminal.Messages.Write(new Text($"{Words.Folder(NodeHook.File)} cannot be written: {PlainText.Clean(error.Message, 300)}\n"));
            return ExitCode.NotPermitted;
        }

        if (terminal.IsJson)
            WriteJson(terminal, shell, isUninstall);
        else if (isUninstall)
            terminal.Messages.Write(new Text(hasChanged ? $"The hook does nothing any more. Take its line out of {Profile(shell)}.\n" : "There was no hook.\n"));
        else
            Explain(terminal, shell, hasChanged);
        return ExitCode.Done;
    }

    // Only the line goes to standard output, so that it can be appended to the profile as it is.
    private static void Explain(Terminal terminal, string shell, bool hasChanged)
    {
        terminal.Messages.Write(new Text($"{(hasChanged ? "Installed" : "Already installed")}: {NodeHook.File}\nPut this line into {Profile(shell)}; programs started from new shells then report by themselves:\n"));
        terminal.RawAnswers.WriteLine(NodeHook.LineFor(shell));
    }

    private static void WriteJson(Terminal terminal, string shell, bool isUninstall) => JsonLines.Write(terminal.RawAnswers, json =>
    {
        json.WriteStartObject();
        json.WriteString("schema", "portia.hook/1");
        json.WriteString("runtime", "node");
        json.WriteBoolean("installed", !isUninstall);
        json.WriteString("file", NodeHook.File);
        json.WriteString("line", isUninstall ? null : NodeHook.LineFor(shell));
        json.WriteEndObject();
    });

    private static string UsersShell() => Path.GetFileName(Environment.GetEnvironmentVariable("SHELL")) switch
    {
        "zsh" => "zsh",
        "fish" => "fish",
        _ => "bash",
    };

    private static string Profile(string shell) => shell switch
    {
        "fish" => "~/.config/fish/config.fish",
        "zsh" => "~/.zshrc",
        _ => "~/.bashrc",
    };
}
