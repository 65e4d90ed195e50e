using PortiaWatch.Control;
using PortiaWatch.Interop;
using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Enrichment;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.History;
using PortiaWatch.Pipeline.Policies;
using PortiaWatch.Pipeline.Striking;

namespace PortiaWatch.Running;

/// <summary>What is done about one refused port, and how the command is to be started again.</summary>
/// <param name="options">What the user ordered.</param>
/// <param name="parts">Looks up, strikes.</param>
/// <param name="history">Remembers.</param>
/// <param name="voice">Says it.</param>
/// <param name="question">Null where nobody can be asked.</param>
internal sealed class Rescue(RunOptions options, Composition parts, IncidentHistory history, Voice voice, Question? question)
{
    // Clocks of the record and of the process table round differently.
    private static readonly TimeSpan ClockGrain = TimeSpan.FromMilliseconds(20);

    private readonly TimeProvider _time = TimeProvider.System;
    private readonly HashSet<int> _movedAwayFrom = [];
    private readonly PortWait _wait = new(parts.Lookup, parts.Platform.Sockets, parts.Platform.Striker, TimeProvider.System);

    /// <summary>Null: leave it at that.</summary>
    /// <param name="incident">With both sides looked up.</param>
    /// <param name="started">How the command was started.</param>
    /// <param name="child">The run that was refused; may live on.</param>
    /// <param name="networkDoubt">Why it may have been refused in another network, the beginning of a sentence; null when nothing speaks for it.</param>
    /// <param name="cancellation">Throws <see cref="OperationCanceledException"/>.</param>
    public async Task<Remedy?> HelpAsync(Incident incident, Remedy started, Child child, string? networkDoubt, CancellationToken cancellation)
    {
        var words = new RunWords(incident, _time.GetUtcNow());
        var port = new RefusedPort(incident, VerdictOn(incident), words, started, child) { NetworkDoubt = networkDoubt };
        history.Begin([port.Verdict]);
        if (!incident.Endpoint.IsComplete)
            return Leave(port, OutcomeKind.Left, "the command was refused a port, but neither its message nor its command line says which.");
        if (incident.Holders.Any(holder => holder.Process is { } process && child.Owns(process.Identity.Pid)))
            return Own(port);
        try
        {
            return options.Mode switch
            {
                RunMode.Free => await FreeAsync(port, cancellation),
                RunMode.Wait => await WaitAsync(port, cancellation),
                RunMode.Next => Next(port),
                _ => await AskAsync(port, cancellation),
            };
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // A strike that has begun says itself how it ended; what is thrown has done nothing.
            Record(port, OutcomeKind.Left, options.Mode == RunMode.Ask ? $"You left {words.Who} alone." : $"You gave up waiting for {words.Target}.");
            throw;
        }
    }

    private async Task<Remedy?> AskAsync(RefusedPort port, CancellationToken cancellation)
    {
        string? objection = port.IsHeld ? port.Words.Objection(parts.Settings.Strike.Supervised == SupervisedHandling.Advise) : null;
        string doubt = port is { IsHeld: true, NetworkDoubt: { } elsewhere } ? $" {elsewhere}." : "";
        string sentence = port.Words.Holding + doubt + (objection is null ? "" : " " + objection);
        bool canStrike = port.IsHeld && objection is null;
        IReadOnlyList<Choice> choices = [.. Choices(port, canStrike)];
        if (question is null || choices.Count == 1)
            return Leave(port, OutcomeKind.Left, sentence, canStrike ? $"To free it: portia free {port.Words.Target}" : null);
        switch (await question.AskAsync(sentence, choices, port.Child.Ended.IsCompleted ? null : port.Child, cancellation))
        {
            case Choice.Strike:
                return await StrikeAsync(port, isByHand: true, cancellation);
            case Choice.Next:
                return Next(port);
            case Choice.Again:
                return Again(port, port.Started, OutcomeKind.Vanished, sentence: null);
            case Choice.Interrupt:
                port.Child.SignalGroup(Libc.SIGINT);
                break;
        }

        Record(port, OutcomeKind.Left, $"You left {port.Words.Who} alone.");
        return null;
    }

    private IEnumerable<Choice> Choices(RefusedPort port, bool canStrike)
    {
        if (canStrike)
            yield return Choice.Strike;
        if (port.Incident.State is PortState.Free or PortState.TimeWait)
            yield return Choice.Again;
        if (port.Incident is { Endpoint.Port: { } number, State: not PortState.Free } && !_movedAwayFrom.Contains(number))
            yield return Choice.Next;
        yield return Choice.Leave;
    }

    private async Task<Remedy?> FreeAsync(RefusedPort port, CancellationToken cancellation) => port.Incident.State switch
    {
        PortState.Held => WhyNot(port) is { } reason
            ? Leave(port, OutcomeKind.Refused, $"{port.Words.Holding} {reason}, so nobody was stopped.", $"portia free {port.Words.Target}")
            : await StrikeAsync(port, isByHand: false, cancellation),
        PortState.Free or PortState.TimeWait => await WaitAsync(port, cancellation),
        PortState.Reserved => Leave(port, OutcomeKind.Reserved, port.Words.Holding),
        _ => Leave(port, OutcomeKind.NotPermitted, port.Words.Holding),
    };

    // Nobody named this holder: the evidence must be as good as for a rule. Whoever came after the failure, for one, did not cause it.
    private string? WhyNot(RefusedPort port)
    {
        Incident incident = port.Incident;

        // Of who was gone before it could be looked at, nothing speaks for another network; this project's older server is whom "--free" is meant for.
        bool isOwn = port.Words.IsOwnOlderServer && IsOurs(incident);
        if (port.NetworkDoubt is { } doubt && !(isOwn && doubt == FamilyNetwork.GoneTooSoon))
            return doubt;

        // Python names no port when it is refused. The user has typed it into this very command, though.
        if (incident.InferredFrom is { } origin && !(isOwn && origin == PortInference.CommandLine))
            return $"The message does not name the port, which was inferred from {PlainText.Clean(origin, 120)}";
        if (incident.Holders.Any(holder => holder.Process is { StartedAt: { } started } && started > incident.Collision.First + ClockGrain))
            return $"{port.Words.Who} took it only after the command was refused";
        if (!incident.IsHolderConfirmed && incident.InferredFrom is null)
            return incident.Doubts.Count > 0 ? incident.Doubts[^1].TrimEnd('.') : "The holder is in doubt";
        return incident.Holders.Any(holder => holder.Process is null or { StartedAt: null }) ? "It is not known since when it is held" : null;
    }

    private bool IsOurs(Incident incident) => incident.State == PortState.Held
        && incident.Holders.All(holder => holder.Process is { StartedAt: not null } process && process.Uid == parts.Platform.Processes.CurrentUser);

    private async Task<Remedy?> StrikeAsync(RefusedPort port, bool isByHand, CancellationToken cancellation)
    {
        (Incident incident, RunWords words) = (port.Incident, port.Words);

        int? contender = incident.Contender?.Facts is { Identity: { Generation: not 0 } refused } && parts.Platform.Processes.Identify(refused.Pid) == refused
            ? refused.Pid
            : null;
        if (StrikeOrders.Refusal(incident, contender) is { } refusal)
            return Leave(port, refusal.Kind, refusal.Sentence, refusal.NextStep);
        var order = new StrikeOrder
        {
            Endpoint = incident.Endpoint,
            Targets = incident.Holders,
            Settings = parts.Settings.Strike,
            Protect = parts.Settings.Protect,
            ContenderPid = contender,
            ForeignNetwork = incident.Contender?.ForeignNetwork,
            IsByHand = isByHand,
        };

        StrikeResult result = await new HandStrike(parts, isOwnConfiguration: options.Configuration is not null).RunAsync(order, cancellation);

        // TIME_WAIT is no hindrance for a server that sets SO_REUSEADDR, as most do; any other is refused again, and that is waited out.
        return result.Kind switch
        {
            OutcomeKind.Freed or OutcomeKind.TimeWait => Again(port, port.Started, result.Kind, words.Freed(result.Took), result.Took),
            OutcomeKind.Vanished => Again(port, port.Started, result.Kind, $"{words.Target} was free again by itself. Starting again."),
            _ => Leave(port, result.Kind, result.Sentence, result.NextStep, result.Took),
        };
    }

    private async Task<Remedy?> WaitAsync(RefusedPort port, CancellationToken cancellation)
    {
        if (port.Incident.State != PortState.Free)
            voice.Say($"{port.Words.Holding} Waiting until it is free; Ctrl-C gives up.", port.Child.Ended.IsCompleted ? null : port.Child);
        await _wait.UntilFreeAsync(port.Incident.Endpoint, cancellation);
        return Again(port, port.Started, OutcomeKind.Vanished, $"{port.Words.Target} is free. Starting again.");
    }

    private Remedy? Next(RefusedPort port)
    {
        string holding = port.Words.Holding;
        if (port.Incident.Endpoint.Port is not { } number)
            return Leave(port, OutcomeKind.Left, $"{holding} A path has no next free port.");
        if (_movedAwayFrom.Contains(number))
            return Leave(port, OutcomeKind.Left, $"{holding} The command does not take its port from PORT; give it another one itself.");
        if (NextPort.After(port.Incident.Endpoint, parts.Platform.Sockets) is not { } next)
            return Leave(port, OutcomeKind.Left, $"{holding} No free port was found above it.");
        _movedAwayFrom.Add(number);
        (PortArgument.Answer answer, IReadOnlyList<string> command) = PortArgument.Replace(port.Started.Command, number, next);
        string how = answer switch
        {
            PortArgument.Answer.Replaced => $"Starting again with {next} in place of {number}.",
            PortArgument.Answer.Unclear =>
                $"Starting again with PORT={next}; its command line names {number} in a way that cannot be changed safely, so this may not help.",
            _ => $"Starting again with PORT={next}.",
        };
        return Again(port, new Remedy(command, next), OutcomeKind.Logged, $"{holding} {how}");
    }

    // To stop another part of the very same command is pointless while it lives, and happens anyway before it is started again.
    private Remedy? Own(RefusedPort port)
    {
        RunWords words = port.Words;
        return port.Child.Ended.IsCompleted && options.Mode is (RunMode.Free or RunMode.Wait)
            ? Again(port, port.Started, OutcomeKind.Vanished, $"{words.Who}, left over from this very command, held {words.Target}. Starting again.")
            : Leave(port, OutcomeKind.Left, $"{words.Who} holds {words.Target} and is part of this very command.");
    }

    private Remedy Again(RefusedPort port, Remedy remedy, OutcomeKind kind, string? sentence, TimeSpan? took = null)
    {
        Record(port, kind, sentence ?? "Started again.", took: took);
        if (sentence is not null)
            voice.Say(sentence);
        return remedy;
    }

    private Remedy? Leave(RefusedPort port, OutcomeKind kind, string sentence, string? nextStep = null, TimeSpan? took = null)
    {
        Record(port, kind, sentence, nextStep, took);
        voice.Say(nextStep is null ? sentence : $"{sentence} {nextStep}", port.Child.Ended.IsCompleted ? null : port.Child);
        return null;
    }

    private Verdict VerdictOn(Incident incident)
    {
        RuleAction action = options.Mode switch { RunMode.Free => RuleAction.Kill, RunMode.Ask => RuleAction.Ask, _ => RuleAction.Log };
        return new Verdict
        {
            Incident = incident,
            Action = action,
            Rule = new Rule { Name = $"portia run --{options.Mode.ToString().ToLowerInvariant()}", Action = action },
            Reason = "It was ordered on the command line of portia run.",
        };
    }

    private void Record(RefusedPort port, OutcomeKind kind, string sentence, string? nextStep = null, TimeSpan? took = null)
    {
        DateTimeOffset now = _time.GetUtcNow();
        var outcome = new Outcome { Verdict = port.Verdict, Kind = kind, Sentence = sentence, NextStep = nextStep, At = now, Took = took };
        history.Complete([outcome]);
        voice.Record(port.Verdict, outcome);
    }
}
