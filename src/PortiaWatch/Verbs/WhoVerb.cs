using System.CommandLine;
using PortiaWatch.Pipeline.Enrichment;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Rendering;

namespace PortiaWatch.Verbs;

/// <summary><c>portia who TARGET</c>: who holds it.</summary>
internal static class WhoVerb
{
    private static readonly Argument<string> TargetText = new("TARGET") { Description = $"What to look up: {Endpoint.TargetForms}." };

    public static Command Create()
    {
        var command = new Command("who", "Show who holds a port: process, parents, folder, age, supervisor, and what to do.") { TargetText };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        Endpoint target = Target.Parse(parsed.GetRequiredValue(TargetText));
        var terminal = new Terminal(parsed);
        Holding holding = Composition.Create(parsed).Lookup.Find(target, contenderPid: null);
        if (terminal.IsJson)
            JsonLines.Write(terminal.RawAnswers, json => HoldingJson.Write(json, target, holding));
        else
            HoldingView.Show(terminal, target, holding, TimeProvider.System.GetUtcNow());
        return ExitCodeOf(holding);
    }

    /// <summary>0 when every holder is named, 1 when there is none, 3 when rights are missing to name one.</summary>
    private static int ExitCodeOf(Holding holding) => holding.State switch
    {
        PortState.Held when holding.Holders.Any(holder => holder.Process is null) => ExitCode.NotPermitted,
        PortState.Held => ExitCode.Done,
        PortState.Unknown => ExitCode.NotPermitted,
        _ => ExitCode.No,
    };
}
