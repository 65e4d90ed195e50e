using System.CommandLine;
using PortiaWatch.Running;

namespace PortiaWatch.Verbs;

/// <summary><c>portia run -- CMD</c>: a command on a terminal of its own, helped when it is refused a port.</summary>
internal static class RunVerb
{
    private static readonly Option<bool> Ask = new("--ask") { Description = "Ask what to do (the default on a terminal)." };
    private static readonly Option<bool> Free = new("--free") { Description = "Strike the holder, with all protections, and start the command again." };
    private static readonly Option<bool> Wait = new("--wait") { Description = "Start the command again when the port becomes free." };
    private static readonly Option<bool> Next = new("--next") { Description = "Start the command again with PORT set to the next free port." };
    private static readonly Option<int> Retries = new("--retries") { Description = "How often the command may be started again.", HelpName = "N", DefaultValueFactory = _ => RunOptions.DefaultRetries };
    private static readonly Argument<string[]> Words = new("CMD") { Description = "The command and its arguments, best after \"--\".", Arity = ArgumentArity.OneOrMore };

    public static Command Create()
    {
        var command = new Command("run", "Run a command, see when it is refused a port, free or wait or ask, and start it again. The exit code is the command's.") { Ask, Free, Wait, Next, Retries, Words };
        command.SetAction((parsed, _) => RunAsync(Read(parsed)));
        return command;
    }

    public static async Task<int> RunAsync(RunOptions options)
    {
        using var session = new RunSession(options);
        return await session.RunAsync();
    }

    private static RunOptions Read(ParseResult parsed)
    {
        RunMode[] modes = [.. Modes(parsed)];
        if (modes.Length > 1)
            throw new UsageException("Of --ask, --free, --wait and --next only one can be meant.");
        if (parsed.GetValue(Retries) is not (>= 0 and <= 1000) and var retries)
            throw new UsageException($"--retries takes a number from 0 to 1000, not {retries}.");
        return new RunOptions
        {
            Mode = modes.FirstOrDefault(),
            Retries = parsed.GetValue(Retries),
            Command = parsed.GetRequiredValue(Words),
            IsJson = parsed.GetValue(GlobalOptions.Json),
            IsPlain = parsed.GetValue(GlobalOptions.NoColor),
            IsVerbose = parsed.GetValue(GlobalOptions.Verbose),
            Configuration = parsed.GetValue(GlobalOptions.Config),
        };
    }

    private static IEnumerable<RunMode> Modes(ParseResult parsed)
    {
        if (parsed.GetValue(Ask))
            yield return RunMode.Ask;
        if (parsed.GetValue(Free))
            yield return RunMode.Free;
        if (parsed.GetValue(Wait))
            yield return RunMode.Wait;
        if (parsed.GetValue(Next))
            yield return RunMode.Next;
    }
}
