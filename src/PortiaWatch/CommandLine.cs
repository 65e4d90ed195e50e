using System.Collections.Frozen;
using System.CommandLine;
using System.CommandLine.Parsing;
using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch;

/// <summary>Parses and runs, with the exit codes of the contract: a wrong command line is 2, with one plain sentence.</summary>
internal static class CommandLine
{
    // The parser repeats words of the command line as they are, and a shell's pattern makes words of what others called their files.
    private const int LongestMessage = 500;

    // What other tools call it.
    private static readonly FrozenDictionary<string, string> Meant = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["kill"] = "free",
        ["stop"] = "free",
        ["ls"] = "list",
        ["ps"] = "list",
        ["show"] = "who",
        ["log"] = "history",
        ["start"] = "watch",
        ["version"] = "--version",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static async Task<int> RunAsync(RootCommand root, string[] args)
    {
        // "@name" is an abstract unix socket here, not a file with more arguments.
        ParseResult parsed = root.Parse(AskedForHelp(args), new ParserConfiguration { ResponseFileTokenReplacer = null });
        string? mistyped = UnknownVerb(root, parsed) ?? UnknownOption.Find(root, parsed);
        if (parsed.Errors.Count > 0 || mistyped is not null)
        {
            // An unknown verb is also a missing one; the last error is the one that helps.
            await Console.Error.WriteLineAsync(mistyped ?? MissingWord.Find(parsed) ?? PlainText.Clean(parsed.Errors[^1].Message, LongestMessage));
            await Console.Error.WriteLineAsync($"See 'portia {VerbOf(parsed)}--help'.");
            return ExitCode.Usage;
        }

        try
        {
            // A verb that has something to bring to an end on a signal takes a StopRequest itself; all others just end.
            return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false });
        }
        catch (UsageException error)
        {
            await Console.Error.WriteLineAsync(PlainText.Strip(error.Message));
            return ExitCode.Usage;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
    }

    private static string[] AskedForHelp(string[] args) => args is ["help", .. string[] verb] ? [.. verb, "--help"] : args;

    // What follows an unknown verb is unknown as well, and none of it is what was mistyped.
    private static string? UnknownVerb(RootCommand root, ParseResult parsed)
    {
        if (parsed.CommandResult.Command is not RootCommand || parsed.UnmatchedTokens is not [[not '-', ..] word, ..])
            return null;
        string? near = Meant.GetValueOrDefault(word) ?? Spelling.Nearest(word, [.. root.Subcommands.Where(verb => !verb.Hidden).Select(verb => verb.Name)]);
        string meant = near is not null ? $" Did you mean \"{near}\"?" : ushort.TryParse(word, out ushort port) && port > 0 ? $" To see who holds that port: portia who {port}" : "";
        return $"There is no verb \"{PlainText.Clean(word, 40)}\".{meant}";
    }

    private static string VerbOf(ParseResult parsed)
    {
        string verb = "";
        for (SymbolResult? result = parsed.CommandResult; result is CommandResult { Command: not RootCommand } command; result = result.Parent)
            verb = $"{command.Command.Name} {verb}";
        return verb;
    }
}
