using System.CommandLine;
using PortiaWatch.Daemon;
using PortiaWatch.Pipeline.Detection;
using PortiaWatch.Rendering;

namespace PortiaWatch.Verbs;

/// <summary><c>portia replay</c>: recorded lines through the whole flow in dry run.</summary>
internal static class ReplayVerb
{
    private static readonly Argument<string[]> Files = new("FILE") { Description = "Recorded logs, packed or not, or globs; - is standard input.", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<LogFormat> Format = new("--format") { Description = "What the lines are: auto, text, logstream or journal.", DefaultValueFactory = _ => LogFormat.Auto };

    public static Command Create()
    {
        Format.AcceptOnlyFromAmong("auto", "text", "logstream", "journal");
        var command = new Command("replay", "Run recorded logs through the whole flow, your rules included, and show what would be done. Nothing is done.") { Files, Format };
        command.SetAction(async (parsed, cancellation) =>
        {
            Composition composition = Composition.Create(parsed, configurationMustBeValid: true, isByHand: false);
            return await new Replay(composition, new Terminal(parsed), TimeProvider.System).RunAsync(ScanInput.Resolve(parsed.GetValue(Files) ?? []), parsed.GetValue(Format), cancellation);
        });
        return command;
    }
}
