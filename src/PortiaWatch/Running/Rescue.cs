using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Striking;

namespace PortiaWatch.Running;

/// <summary>What is done about one refused port, and how the command is to be started again.</summary>
/// <param name="options">What the user ordered.</param>
/// <param name="parts">Looks up, strikes.</param>
/// <param name="voice">Says it.</param>
/// <param name="question">Null where nobody can be asked.</param>
internal sealed class Rescue(RunOptions options, Composition parts, Voice voice, Question? question)
{
    // Clocks of the record and of the process table round differently.
    private static readonly TimeSpan ClockGrain = TimeSpan.FromMilliseconds(20);

    private readonly TimeProvider _time = TimeProvider.System;
    private readonly HashSet<int> _movedAwayFrom = [];
    private readonly PortWait _wait = new(parts.Lookup, parts.Platform.Sockets, parts.Platform.Striker, TimeProvider.System);

    /// <summary>Null: leave it at that.</summary>
    /// <param name="incident">With both sides looked up.</param>
    /// <param name="before">How the command was started.</param>
    /// <param name="child">The run that was refused; may live on.</param>
    /// <param name="cancellation">Throws <see cref="OperationCanceledException"/>.</param>
    public async Task<Remedy?> HelpAsync(Incident incident, Remedy before, Child child, CancellationToken cancellation)
    {
        var words = new RunWords(incident, _time.GetUtcNow());
        if (!incident.Endpoint.IsComplete)
            return Leave(incident, OutcomeKind.Left, "the command was refused a port, but neither its message nor its command line says which.", null);
        if (incident.Holders.Any(holder => holder.Process is { } process && child.Owns(process.Identity.Pid)))
            return Own(incident, before, child, words);
        return options.Mode switch
        {
            RunMode.Free => await FreeAsync(incident, before, words, cancellation),
            RunMode.Wait => await WaitAsync(incident, before, words, child, cancellation),
            RunMode.Next => Next(incident, before, words),
            _ => await AskAsync(incident, before, words, child, cancellation),
        };
    }

    private async Task<Remedy?> AskAsync(Incident incident, Remedy before, RunWords words, Child child, CancellationToken cancellation)
    {
        string? objection = incident.State == PortState.Held ? words.Objection(parts.Settings.Strike.Supervised == SupervisedHandling.Advise) : null;
        bool canStrike = incident.State == PortState.Held && incident.Holders.Count > 0 && objection is null;
        if (question is null)
            return Leave(incident, OutcomeKind.Left, words.Holding + (objection is null ? "" : " " + objection), canStrike ? $"To free it: portia free {words.Target}" : null);
        List<Choice> choices = [Choice.Leave];
        if (incident.Endpoint.Port is { } port && !_movedAwayFrom.Contains(port) && incident.State != PortState.Free)
            choices.Insert(0, Choice.Next);
        if (canStrike)
            choices.Insert(0, Choice.Strike);
        if (incident.State is PortState.Free or PortState.TimeWait)
            choices.Insert(0, Choice.Again);
        if (choices.Count == 1)
            return Leave(incident, OutcomeKind.Left, words.Holding + (objection is null ? "" : " " + objection), null);

        switch (await question.AskAsync(words.Holding + (objection is null ? "" : " " + objection), choices, child.Ended.IsCompleted ? null : child, cancellation))
        {
            case Choice.Strike:
                return await StrikeAsync(incident, before, words, cancellation);
            case Choice.Next:
                return Next(incident, before, words);
            case Choice.Again:
                return Again(incident, before, OutcomeKind.Vanished, null);
            case Choice.Interrupt:
                child.SignalGroup(Interop.Libc.SIGINT);
                break;
        }

        Record(incident, OutcomeKind.Left, $"You left {words.Who} alone.", null, null);
        return null;
    }

    private async Task<Remedy?> FreeAsync(Incident incident, Remedy before, RunWords words, CancellationToken cancellation)
    {
        if (incident.State is PortState.Free or PortState.TimeWait)
            return await WaitAsync(incident, before, words, child: null, cancellation);
        return incident.State == PortState.Held
            ? await StrikeAsync(incident, before, words, cancellation)
            : Leave(incident, incident.State == PortState.Reserved ? OutcomeKind.Reserved : OutcomeKind.NotPermitted, words.Holding, null);
    }

    private async Task<Remedy?> StrikeAsync(Incident incident, Remedy before, RunWords words, CancellationToken cancellation)
    {
        // Whoever came after the failure did not cause it.
        if (incident.Holders.Any(holder => holder.Process is { StartedAt: { } started } && started > incident.Collision.First + ClockGrain))
            return Leave(incident, OutcomeKind.Refused, $"{words.Who} took {words.Target} only after the command was refused, and was left alone.", $"portia free {words.Target}");
        StrikeResult result = await parts.Strike.RunAsync(
            new StrikeOrder { Endpoint = incident.Endpoint, Targets = incident.Holders, Settings = parts.Settings.Strike, Protect = parts.Settings.Protect, IsByHand = true },
            cancellation);
        if (result.Kind is not (OutcomeKind.Freed or OutcomeKind.Vanished or OutcomeKind.TimeWait))
            return Leave(incident, result.Kind, result.Sentence, result.NextStep, result.Took);

        // What a strike leaves in TIME_WAIT is no hindrance for a server that sets SO_REUSEADDR, as most do; any other is refused again and then waits.
        string sentence = result.Kind == OutcomeKind.Vanished ? $"{words.Target} was free again by itself. Starting again." : words.Freed(result.Took);
        return Again(incident, before, result.Kind, sentence, result.Took);
    }

    private async Task<Remedy?> WaitAsync(Incident incident, Remedy before, RunWords words, Child? child, CancellationToken cancellation)
    {
        if (incident.State is PortState.Held or PortState.Unknown or PortState.Reserved or PortState.TimeWait)
            voice.Say($"{words.Holding} Waiting until it is free; Ctrl-C gives up.", child is { Ended.IsCompleted: false } ? child : null);
        await _wait.UntilFreeAsync(incident.Endpoint, cancellation);
        return Again(incident, before, OutcomeKind.Vanished, $"{words.Target} is free. Starting again.");
    }

    private Remedy? Next(Incident incident, Remedy before, RunWords words)
    {
        if (incident.Endpoint.Port is not { } port)
            return Leave(incident, OutcomeKind.Left, $"{words.Holding} A path has no next free port.", null);
        if (_movedAwayFrom.Contains(port))
            return Leave(incident, OutcomeKind.Left, $"{words.Holding} The command does not take its port from PORT; give it another one itself.", null);
        if (NextPort.After(incident.Endpoint, parts.Platform.Sockets) is not { } next)
            return Leave(incident, OutcomeKind.Left, $"{words.Holding} No free port was found above it.", null);
        _movedAwayFrom.Add(port);
        (PortArgument.Answer answer, IReadOnlyList<string> command) = PortArgument.Replace(before.Command, port, next);
        string how = answer switch
        {
            PortArgument.Answer.Replaced => $"Starting again with {next} in place of {port}.",
            PortArgument.Answer.Unclear => $"Starting again with PORT={next}; its command line names {port} in a way that cannot be changed safely, so this may not help.",
            _ => $"Starting again with PORT={next}.",
        };
        return Again(incident, new Remedy(command, next), OutcomeKind.Logged, $"{words.Holding} {how}");
    }

    // The port is taken by another part of the very same command: stopping that would be pointless while it lives, and happens anyway before it is started again.
    private Remedy? Own(Incident incident, Remedy before, Child child, RunWords words) => child.Ended.IsCompleted && options.Mode is (RunMode.Free or RunMode.Wait)
        ? Again(incident, before, OutcomeKind.Vanished, $"{words.Who}, left over from this very command, held {words.Target}. Starting again.")
        : Leave(incident, OutcomeKind.Left, $"{words.Who} holds {words.Target} and is part of this very command.", null);

    private Remedy Again(Incident incident, Remedy remedy, OutcomeKind kind, string? sentence, TimeSpan? took = null)
    {
        Record(incident, kind, sentence ?? "Started again.", null, took);
        if (sentence is not null)
            voice.Say(sentence);
        return remedy;
    }

    private Remedy? Leave(Incident incident, OutcomeKind kind, string sentence, string? nextStep, TimeSpan? took = null)
    {
        Record(incident, kind, sentence, nextStep, took);
        voice.Say(nextStep is null ? sentence : $"{sentence} {nextStep}");
        return null;
    }

    private void Record(Incident incident, OutcomeKind kind, string sentence, string? nextStep, TimeSpan? took)
    {
        RuleAction action = options.Mode switch { RunMode.Free => RuleAction.Kill, RunMode.Ask => RuleAction.Ask, _ => RuleAction.Log };
        var verdict = new Verdict
        {
            Incident = incident,
            Action = action,
            Rule = new Rule { Name = $"portia run --{options.Mode.ToString().ToLowerInvariant()}", Action = action },
            Reason = "It was ordered on the command line of portia run.",
        };
        voice.Record(verdict, new Outcome { Verdict = verdict, Kind = kind, Sentence = sentence, NextStep = nextStep, At = _time.GetUtcNow(), Took = took });
    }
}
