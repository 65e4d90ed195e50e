using System.CommandLine;
using System.CommandLine.Parsing;
using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch;

/// <summary>An option that a verb does not have. The library takes it for an argument where the verb has room for one: <c>run</c> would start a program of that name.</summary>
internal static class UnknownOption
{
    /// <summary>Names it, and what it most likely meant; null when there is none.</summary>
    public static string? Find(RootCommand root, ParseResult parsed)
    {
        Command verb = parsed.CommandResult.Command;
        IEnumerable<string> words = parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens).Select(token => token.Value);

        // The words after the first are the options of the command that is to be run.
        bool isRun = verb.Name == "run";
        string[] suspects = [.. isRun ? words.Take(1) : words.Concat(parsed.UnmatchedTokens)];
        if (verb.Hidden || Array.Find(suspects, word => word is ['-', _, ..] and not "--" && !IsAfterDashes(parsed, word)) is not { } found)
            return null;
        string name = found.Split('=')[0];
        string[] options = [.. verb.Options.Concat(root.Options.Where(option => option.Recursive)).Where(option => !option.Hidden).Select(option => option.Name)];
        string owner = verb is RootCommand ? "portia" : $"\"{verb.Name}\"";

        // All letters are near to one another.
        string meant = name.Length > 2 && Spelling.Nearest(name, options) is { } option ? $" Did you mean \"{option}\"?" : "";
        string hint = isRun ? " A command that begins with a dash goes after \"--\"." : "";
        return $"{owner} has no option \"{PlainText.Clean(name, 40)}\".{(meant.Length > 0 ? meant : hint)}";
    }

    private static bool IsAfterDashes(ParseResult parsed, string word)
    {
        int dashes = -1, at = -1;
        for (int i = 0; i < parsed.Tokens.Count; i++)
        {
            if (dashes < 0 && parsed.Tokens[i].Type == TokenType.DoubleDash)
                dashes = i;
            if (at < 0 && parsed.Tokens[i].Value == word)
                at = i;
        }

        return dashes >= 0 && dashes < at;
    }
}
