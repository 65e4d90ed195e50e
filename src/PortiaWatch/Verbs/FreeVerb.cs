using System.CommandLine;
using PortiaWatch.Control;
using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Enrichment;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Striking;
using PortiaWatch.Rendering;
using Spectre.Console;

namespace PortiaWatch.Verbs;

/// <summary><c>portia free TARGET…</c>: strike by hand. Asks first where somebody can answer.</summary>
internal static class FreeVerb
{
    private static readonly Argument<string[]> Targets = new("TARGET") { Description = $"What to free: {Endpoint.TargetForms}.", Arity = ArgumentArity.OneOrMore };
    private static readonly Option<bool> Yes = new("--yes", "-y") { Description = "Do not ask." };
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Say what would be done; signal nothing." };
    private static readonly Option<bool> Force = new("--force") { Description = "SIGKILL what has not ended after the grace time." };
    private static readonly Option<string?> Grace = new("--grace") { Description = "How long a process may take to end after SIGTERM (5s, 500ms).", HelpName = "TIME" };
    private static readonly Option<bool> Tree = new("--tree") { Description = "Stop the holder's child processes too." };

    public static Command Create()
    {
        var command = new Command("free", "Free a port: verify, SIGTERM, wait for the exit, verify that the port is free.") { Targets, Yes, DryRun, Force, Grace, Tree };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        Endpoint[] targets = [.. parsed.GetRequiredValue(Targets).Select(Target.Parse)];
        TimeSpan? grace = parsed.GetValue(Grace) is { } text ? ReadDuration(text) : null;
        var composition = Composition.Create(parsed, configurationMustBeValid: true);
        var terminal = new Terminal(parsed);
        int worst = ExitCode.Done;
        foreach (Endpoint target in targets)
            worst = Math.Max(worst, await FreeAsync(parsed, composition, terminal, target, grace, cancellation));
        return worst;
    }

    private static async Task<int> FreeAsync(
        ParseResult parsed, Composition composition, Terminal terminal, Endpoint target, TimeSpan? grace, CancellationToken cancellation)
    {
        Holding holding = composition.Lookup.Find(target, contenderPid: null);
        if (holding.Holders.Count == 0)
            return Report(terminal, target, holding, NothingToStrike(target, holding));
        if (!terminal.IsJson)
            HoldingView.Show(terminal, target, holding, TimeProvider.System.GetUtcNow());
        bool isDryRun = parsed.GetValue(DryRun);
        bool mustAsk = !isDryRun && !parsed.GetValue(Yes);
        if (mustAsk && !Terminal.IsInteractive)
            return Report(terminal, target, holding, new StrikeResult(OutcomeKind.Refused, "Nobody can be asked here, so nothing was stopped.", "Add --yes to strike without a question.", Took: null, Signalled: []));
        if (mustAsk && !Asks(terminal, holding))
            return Report(terminal, target, holding, new StrikeResult(OutcomeKind.Left, "Left alone.", NextStep: null, Took: null, Signalled: []));

        StrikeSettings settings = composition.Settings.Strike;
        var order = new StrikeOrder
        {
            Endpoint = target,
            Targets = holding.Holders,
            Settings = settings with { Grace = grace ?? settings.Grace, Force = settings.Force || parsed.GetValue(Force) },
            Protect = composition.Settings.Protect,
            IsDryRun = isDryRun,
            WithTree = parsed.GetValue(Tree),
            IsByHand = true,
        };

        var strike = new HandStrike(composition, isOwnConfiguration: parsed.GetValue(GlobalOptions.Config) is not null);
        return Report(terminal, target, holding, await strike.RunAsync(order, cancellation));
    }

    private static bool Asks(Terminal terminal, Holding holding)
    {
        string names = string.Join(", ", holding.Holders.Select(holder => Words.Name(holder.Process?.Name)).Distinct());
        terminal.Messages.Write(new Text($"Strike {names}? [y/N] "));
        return Console.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }

    private static StrikeResult NothingToStrike(Endpoint target, Holding holding) => holding.State switch
    {
        PortState.Free => new(OutcomeKind.Vanished, $"Nobody holds {Words.Endpoint(target)}; there is nothing to free.", null, null, []),
        PortState.TimeWait => new(OutcomeKind.TimeWait, $"No process holds {Words.Endpoint(target)}; the kernel keeps it for closed connections for up to a minute.", "Wait a moment, or let the server set SO_REUSEADDR.", null, []),
        PortState.Reserved => new(OutcomeKind.Reserved, holding.Limit ?? $"No process holds {Words.Endpoint(target)}, and still it cannot be bound.", WithoutTheReservation(target), null, []),
        _ => new(OutcomeKind.NotPermitted, holding.Limit ?? $"It cannot be seen who holds {Words.Endpoint(target)}.", $"sudo portia who {Words.Target(target)}", null, []),
    };

    private static string WithoutTheReservation(Endpoint target) =>
        target.Path is [not '@', ..] ? $"If nobody needs the file any more, remove it: rm {Words.Target(target)}" : "Choose another port.";

    private static int Report(Terminal terminal, Endpoint target, Holding holding, StrikeResult result)
    {
        if (terminal.IsJson)
            JsonLines.Write(terminal.RawAnswers, json => StrikeJson.Write(json, target, holding, result));
        else
            StrikeView.Show(terminal, result);
        return ExitCodeOf(result.Kind, wasHeld: holding.Holders.Count > 0);
    }

    private static int ExitCodeOf(OutcomeKind kind, bool wasHeld) => kind switch
    {
        OutcomeKind.Freed or OutcomeKind.DryRun => ExitCode.Done,
        OutcomeKind.Vanished => wasHeld ? ExitCode.Done : ExitCode.No,
        OutcomeKind.Left => ExitCode.No,
        OutcomeKind.NotPermitted => ExitCode.NotPermitted,
        OutcomeKind.Refused => ExitCode.Refused,
        _ => ExitCode.StillHeld,
    };

    private static TimeSpan ReadDuration(string text) => DurationText.TryParse(text, out TimeSpan duration)
        ? duration
        : throw new UsageException($"\"{PlainText.Clean(text, 40)}\" is no time span. Write it as 500ms, 5s or 1m.");
}
