using System.CommandLine;
using System.CommandLine.Completions;

namespace PortiaWatch.Completion;

/// <summary>Finds what may stand at the end of a half-written command line. Everything comes from the verbs' own definitions, so that nothing is listed twice.</summary>
internal sealed class CommandWalk(RootCommand root, LiveWords live)
{
    /// <summary>The shell is to complete the name of a file.</summary>
    public static readonly Candidate Files = new(":files", "");

    /// <summary>Candidates that begin with the last word.</summary>
    /// <param name="words">What stands after the program's name; the last is the one that is being written, and may be empty.</param>
    public IReadOnlyList<Candidate> Complete(IReadOnlyList<string> words)
    {
        string current = words.Count > 0 ? words[^1] : "";
        Command command = root;
        Option? open = null;
        int arguments = 0;
        foreach (string word in words.SkipLast(1))
        {
            // What follows is another program's command line.
            if (word == "--")
                return [Files];
            if (open is not null)
                open = null;
            else if (word.StartsWith('-'))
                open = OptionsOf(command).FirstOrDefault(option => option.Name == word || option.Aliases.Contains(word)) is { } option && TakesValue(option) ? option : null;
            else if (command.Subcommands.FirstOrDefault(sub => sub.Name == word) is { } sub)
                command = sub;
            else
                arguments++;
        }

        IEnumerable<Candidate> all = open is not null ? ValuesOf(open, open.HelpName ?? open.Name)
            : current.StartsWith('-') ? OptionsOf(command).Select(option => new Candidate(option.Name, option.Description ?? ""))
            : command.Subcommands.Where(sub => !sub.Hidden).Select(sub => new Candidate(sub.Name, sub.Description ?? "")).Concat(ArgumentsOf(command, arguments));
        return [.. all.Where(candidate => candidate == Files || candidate.Word.StartsWith(current, StringComparison.Ordinal)).DistinctBy(candidate => candidate.Word)];
    }

    private IEnumerable<Candidate> ArgumentsOf(Command command, int given)
    {
        // The last one may take many.
        Argument? argument = command.Arguments.ElementAtOrDefault(given) ?? (command.Arguments.LastOrDefault() is { Arity.MaximumNumberOfValues: > 1 } last ? last : null);
        return argument is null ? [] : ValuesOf(argument, argument.HelpName ?? argument.Name);
    }

    private IEnumerable<Candidate> ValuesOf(Symbol symbol, string what) => what switch
    {
        "TARGET" => live.Targets(),
        "RULE" => live.Rules(),
        "SOURCE" => live.Sources(),
        "PATH" or "FILE" => [Files],
        _ => symbol.GetCompletions(CompletionContext.Empty).Select(item => new Candidate(item.Label, item.Detail ?? "")),
    };

    private IEnumerable<Option> OptionsOf(Command command) =>
        command.Options.Concat(command == root ? [] : root.Options.Where(option => option.Recursive)).Where(option => !option.Hidden);

    private static bool TakesValue(Option option) => option.Arity.MinimumNumberOfValues > 0;
}
