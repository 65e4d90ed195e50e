using System.CommandLine;
using PortiaWatch.Completion;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Verbs;

/// <summary><c>portia completion SHELL</c>: what a shell is told so that TAB knows verbs, options, held ports and rules.</summary>
internal static class CompletionVerb
{
    public static Command Create(RootCommand root)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Print what your shell needs to complete verbs, options, held ports and rule names.") { shell };
        command.SetAction(parsed => Console.Out.Write(ShellScripts.For(parsed.GetRequiredValue(shell))));
        var manual = new Command("man", "Print the manual page.") { Hidden = true };
        manual.SetAction(_ => Console.Out.Write(ManualPage.Text(root)));
        command.Add(manual);
        return command;
    }

    /// <summary>The hidden verb that the scripts ask: a candidate a line, its description after a tab.</summary>
    public static Command CreateQuestion(RootCommand root)
    {
        var words = new Argument<string[]>("WORDS") { Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("complete", "Answers the completion scripts.") { words };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            foreach (Candidate candidate in new CommandWalk(root, new LiveWords(ConfigurationIn(parsed.GetValue(words) ?? []))).Complete(parsed.GetValue(words) ?? []))
                Console.Out.Write($"{candidate.Word}\t{PlainText.Clean(candidate.About, 80)}\n");
        });
        return command;
    }

    private static string? ConfigurationIn(string[] words)
    {
        int at = Array.IndexOf(words, GlobalOptions.Config.Name);
        return at >= 0 && at < words.Length - 2 ? words[at + 1] : null;
    }
}
