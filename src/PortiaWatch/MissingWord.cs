using System.CommandLine;
using System.CommandLine.Parsing;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch;

/// <summary>A word that a verb cannot do without. The library says that one is missing, and not which.</summary>
internal static class MissingWord
{
    private const int LongestMessage = 500;

    /// <summary>Says what has to follow; null when nothing is missing.</summary>
    public static string? Find(ParseResult parsed)
    {
        Command verb = parsed.CommandResult.Command;
        if (verb is RootCommand || parsed.UnmatchedTokens.Count > 0)
            return null;
        if (verb.Action is null && verb.Subcommands.Count > 0)
            return $"\"{verb.Name}\" goes on with one of: {string.Join(", ", verb.Subcommands.Where(one => !one.Hidden).Select(one => one.Name))}.";
        return verb.Arguments.FirstOrDefault(argument => argument.Arity.MinimumNumberOfValues > 0 && !HasWord(parsed, argument)) is { } missing
            ? PlainText.Clean($"\"{verb.Name}\" wants <{missing.HelpName ?? missing.Name}>. {missing.Description}", LongestMessage)
            : null;
    }

    private static bool HasWord(ParseResult parsed, Argument argument) => parsed.GetResult(argument) is ArgumentResult { Tokens.Count: > 0 };
}
