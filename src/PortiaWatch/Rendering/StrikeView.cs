using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Striking;
using Spectre.Console;

namespace PortiaWatch.Rendering;

/// <summary>What a strike did, for a person: one sentence, and the next step where there is one.</summary>
internal static class StrikeView
{
    public static void Show(Terminal terminal, StrikeResult result)
    {
        terminal.Answers.Write(new Text(result.Sentence + "\n", new Style(ColorOf(result.Kind), decoration: Decoration.Bold)));
        if (result.NextStep is { } next)
            terminal.Answers.Write(new Text($"  {next}\n"));
    }

    public static Color ColorOf(OutcomeKind kind) => kind switch
    {
        OutcomeKind.Freed or OutcomeKind.Vanished => Color.Green,
        OutcomeKind.DryRun or OutcomeKind.Left or OutcomeKind.Logged or OutcomeKind.Notified or OutcomeKind.Executed => Color.Default,
        _ => Color.Red,
    };
}
