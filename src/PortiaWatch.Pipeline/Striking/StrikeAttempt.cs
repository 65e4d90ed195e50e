using System.Runtime.InteropServices;
using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Striking;

/// <summary>One walk down the path: look, choose, protections, supervisor, budget, pin, signal, await, verify.</summary>
internal sealed class StrikeAttempt(StrikeOrder order, string budgetKey, StrikeTools tools) : IDisposable
{
    /// <summary>How long a process may take to vanish after SIGKILL before it counts as stuck in the kernel.</summary>
    private static readonly TimeSpan KillPatience = TimeSpan.FromSeconds(2);

    /// <summary>A parent that starts its child again does so at once; this covers the start of most interpreters.</summary>
    private static readonly TimeSpan RespawnWatch = TimeSpan.FromMilliseconds(300);

    private readonly StrikeAnswers _answers = new(order, tools.Processes, tools.Time);
    private readonly List<(ProcessFacts Facts, SocketOwner Owner)> _holders = [];
    private readonly List<StrikeTarget> _targets = [];
    private PortVerification? _verification;
    private Supervisor? _supervisor;

    /// <summary>What was done so far that cannot be taken back, as the beginning of a sentence.</summary>
    private string? _done;

    private bool _wasKilled;
    private StrikeResult? _freed;

    /// <summary>Throws when it is cancelled before anything was done; afterwards the answer says what was.</summary>
    public async Task<StrikeResult> RunAsync(CancellationToken cancellation)
    {
        if ((LookAndChoose() ?? AskProtections() ?? AskSupervisors() ?? AskBudget() ?? Pin()) is { } stopped)
            return stopped;
        if (order.IsDryRun)
            return _answers.DryRun([.. _targets.Select(t => t.Facts)], _supervisor);

        cancellation.ThrowIfCancellationRequested();
        try
        {
            return await StrikeAsync(cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested && _done is not null)
        {
            return _freed ?? _answers.Interrupted(_done);
        }
    }

    public void Dispose()
    {
        foreach (StrikeTarget target in _targets)
            target.Handle.Dispose();
    }

    private async Task<StrikeResult> StrikeAsync(CancellationToken cancellation)
    {
        tools.Budget.Book(budgetKey, Words.TitleWithOrigin(_holders[0].Facts), order.Settings);
        PortVerification verification = _verification = new PortVerification(order, tools, _answers, [.. _holders.Select(h => h.Facts.Identity)]);
        if ((_supervisor is { } supervisor ? await StopAsync(supervisor, cancellation) : Signal(StopSignal.Terminate)) is { } failed)
            return failed;

        // Whoever was meant has ended or let go by itself: nothing is waited for, and nobody says that it was stopped.
        if (_done is null)
            return await verification.ReadAsync("", wasKilled: false, cancellation) is { Kind: not OutcomeKind.Freed } blocked ? blocked : _answers.Vanished();
        await AwaitExitsAsync(order.Settings.Grace, cancellation);
        string how = _supervisor is { } stopper ? Words.Command(stopper.StopCommand) : $"SIGTERM to {Struck()}";
        StrikeResult result = await verification.ReadAsync(how, wasKilled: false, cancellation);
        if (result.Kind == OutcomeKind.TimedOut && order.Settings.Force && _supervisor is null)
        {
            cancellation.ThrowIfCancellationRequested();
            if (Signal(StopSignal.Kill) is { } refused)
                return refused;
            await AwaitExitsAsync(KillPatience, cancellation);
            if (_wasKilled)
                how = $"SIGTERM, at last by SIGKILL, to {Struck()}";
            result = await verification.ReadAsync(how, _wasKilled, cancellation);
        }

        if (result.Kind != OutcomeKind.Freed)
            return result;
        _freed = result;
        return await WatchForRespawnAsync(result, cancellation);
    }

    // Who holds it right now, and which of them the decision was about.
    private StrikeResult? LookAndChoose()
    {
        Occupancy occupancy = tools.Sockets.Blocking(order.Endpoint, order.ContenderPid, order.ForeignNetwork);
        switch (occupancy.State)
        {
            case PortState.Free:
                return _answers.Vanished();
            case PortState.TimeWait:
                return _answers.TimeWait(occupancy, null);
            case PortState.Reserved:
                return _answers.Reserved(occupancy, null);
            case PortState.Unknown:
                return _answers.Unknown(occupancy.Limit);
        }

        if (occupancy.Owners.FirstOrDefault(owner => owner.Process is null) is { } unseen)
            return _answers.Unseen(unseen);
        foreach (SocketOwner owner in occupancy.Owners)
        {
            // Gone, or replaced by exec, since the table was read a moment ago: the next look at the port will tell.
            if (owner.Process is { } identity && _holders.TrueForAll(h => h.Facts.Identity != identity) && tools.Processes.Describe(identity.Pid) is { } facts && facts.Identity == identity)
                _holders.Add((tools.Processes.AtEndpoint(facts, owner.Endpoint) ?? facts, owner));
        }

        return JudgeTargets();
    }

    private StrikeResult? JudgeTargets()
    {
        List<ProcessFacts> wanted = [.. order.Targets.Select(holder => holder.Process).OfType<ProcessFacts>()];
        if (_holders.Exists(h => wanted.Exists(w => w.Identity == h.Facts.Identity)))
            return null;
        if (wanted.Find(w => _holders.Exists(h => h.Facts.Identity.Pid == w.Identity.Pid)) is { } changed)
            return _answers.Changed(changed);
        if (_holders.Count > 0)
            return _answers.HeldByAnother(_holders[0].Facts);
        if (tools.Sockets.Blocking(order.Endpoint, order.ContenderPid, order.ForeignNetwork).State == PortState.Free)
            return _answers.Vanished();
        return wanted.Count > 0 ? _answers.Changed(wanted[0]) : _answers.Unknown(null);
    }

    // Of every holder, chosen or not: stopping the others would not free the endpoint.
    private StrikeResult? AskProtections()
    {
        foreach ((ProcessFacts facts, SocketOwner owner) in _holders)
        {
            if (facts.Uid is { } uid && uid != tools.Processes.CurrentUser && tools.Processes.CurrentUser != 0)
                return _answers.NotPermitted(facts);
            if (tools.Protection.Reason(facts, order.Endpoint, order.Protect, order.IsByHand) is { } reason)
                return _answers.Protected(facts, reason);
            if (owner.Use == SocketUse.Connected)
                return _answers.Connected(facts);
            if (facts.Identity.Image is null)
                return _answers.Unidentified(facts);
        }

        return null;
    }

    // Only what was decided on is stopped with its unit, and only what is ours: the words of a stop command come in part from the process itself.
    private StrikeResult? AskSupervisors()
    {
        foreach ((ProcessFacts facts, _) in _holders)
        {
            if (facts.Supervisor is not { } supervisor)
                continue;
            if (!IsTarget(facts))
                return _answers.SupervisedBystander(facts, supervisor);
            if (facts.Uid != tools.Processes.CurrentUser || order.Settings.Supervised != SupervisedHandling.Stop || supervisor.StopCommand.Count == 0 || (_supervisor is not null && _supervisor.Name != supervisor.Name))
                return _answers.Supervised(facts, supervisor);
            _supervisor = supervisor;
        }

        return null;
    }

    // A person who names the target is a budget of their own.
    private StrikeResult? AskBudget()
    {
        if (order.IsByHand || tools.Budget.Refusal(budgetKey, order.Settings) is not { } refusal)
            return null;
        return _answers.CircuitOpen(refusal.Until, refusal.Taker);
    }

    // From here on the pids cannot be given to anybody else without our knowing.
    private StrikeResult? Pin()
    {
        foreach ((ProcessFacts facts, SocketOwner owner) in _holders)
        {
            if (!IsTarget(facts) || IsPinned(facts.Identity))
                continue;
            if (order.WithTree && PinTree(facts.Identity, owner) is { } refused)
                return refused;
            if (Open(facts, owner, goesAlong: false) is { } changed)
                return changed;
        }

        if (_targets.Count > 0)
            return null;

        // Gone by itself; what somebody else holds is not free for that.
        (ProcessFacts other, SocketOwner held) = _holders.Find(h => !IsTarget(h.Facts));
        return held is not null && tools.Sockets.StillHolds(held) ? _answers.HeldByAnother(other) : _answers.Vanished();
    }

    private bool IsTarget(ProcessFacts facts) => order.Targets.Any(target => target.Process?.Identity == facts.Identity);

    private bool IsPinned(ProcessIdentity process) => _targets.Exists(t => t.Facts.Identity == process);

    private StrikeResult? PinTree(ProcessIdentity root, SocketOwner owner)
    {
        // Furthest first, so that a parent does not see its child end and start another.
        foreach (ProcessIdentity child in tools.Processes.Descendants(root).Reverse())
        {
            if (tools.Processes.Describe(child.Pid) is not { } facts || facts.Identity != child || IsPinned(child))
                continue;
            if (tools.Protection.ReasonInTree(facts, order.Endpoint, order.Protect, order.IsByHand) is { } reason)
                return _answers.Protected(facts, reason);

            // One that holds the endpoint too goes for its own sake, and gets one signal.
            SocketOwner? own = IsTarget(facts) ? _holders.Find(h => h.Facts.Identity == child).Owner : null;
            _ = Open(facts, own ?? owner, goesAlong: own is null);
        }

        return null;
    }

    private StrikeResult? Open(ProcessFacts facts, SocketOwner owner, bool goesAlong)
    {
        if (tools.Striker.Open(facts.Identity) is { } handle)
            _targets.Add(new StrikeTarget(facts, owner, goesAlong, handle));
        else if (tools.Processes.Identify(facts.Identity.Pid) is { } now && now != facts.Identity)
            return _answers.Changed(facts);
        return null;
    }

    // Null: go on to wait. A process that has ended or let go of the endpoint meanwhile gets no signal, and nobody of its tree a first one.
    private StrikeResult? Signal(StopSignal signal)
    {
        int delivered = 0;
        StrikeResult? refusal = null;

        // Of a tree it is asked once: what goes along is signalled first, and its parent may let go on account of that.
        HashSet<SocketOwner> holding = [.. _targets.Where(target => target.GoesAlong).Select(target => target.Owner).Distinct().Where(tools.Sockets.StillHolds)];
        foreach (StrikeTarget target in _targets)
        {
            bool isWanted = target.GoesAlong ? holding.Contains(target.Owner) || _answers.Signalled.Contains(target.Facts.Identity) : tools.Sockets.StillHolds(target.Owner);
            if (!isWanted)
                continue;
            switch (tools.Striker.Signal(target.Handle, target.Facts.Identity, signal))
            {
                case SignalResult.Delivered:
                    _answers.Signalled.Add(target.Facts.Identity);
                    delivered++;
                    break;
                case SignalResult.IdentityChanged:
                    refusal ??= _answers.Changed(target.Facts);
                    break;
                case SignalResult.NotPermitted:
                    refusal ??= _answers.SignalForbidden(target.Facts, tools.Striker.ExplainRefusal(target.Facts.Identity));
                    break;
            }
        }

        if (delivered > 0)
        {
            _wasKilled = signal == StopSignal.Kill;
            _done = $"{(_wasKilled ? "SIGKILL" : "SIGTERM")} was sent to {Struck()}";
            return null;
        }

        return refusal;
    }

    private string Struck() => Words.Titles([.. _targets.Select(t => t.Facts).Where(facts => _answers.Signalled.Contains(facts.Identity))]);

    private async Task<StrikeResult?> StopAsync(Supervisor supervisor, CancellationToken cancellation)
    {
        _done = $"{Words.Command(supervisor.StopCommand)} was started";
        string? failure = supervisor.StopAsync is { } stop
            ? await stop(cancellation).WaitAsync(cancellation)
            : await tools.RunStopCommand(supervisor.StopCommand, order.Settings.Grace + KillPatience, cancellation);
        return failure is null ? null : _answers.StopFailed(supervisor.StopCommand, failure);
    }

    private async Task AwaitExitsAsync(TimeSpan limit, CancellationToken cancellation) =>
        await Task.WhenAll(_targets.Select(target => tools.Striker.WaitForExitAsync(target.Handle, limit, cancellation)));

    private async Task<StrikeResult> WatchForRespawnAsync(StrikeResult freed, CancellationToken cancellation)
    {
        foreach (StrikeTarget target in _targets)
        {
            if (LoopingParent(target.Facts) is not { } parent || tools.Striker.Open(parent) is not { } handle)
                continue;

            // A parent that ends by itself, as npm and its shell do, starts nothing again, and the wait is over at once.
            using SafeHandle open = handle;
            bool ended = await tools.Striker.WaitForExitAsync(open, RespawnWatch, cancellation);
            return ended || _verification is null ? freed : await _verification.ConfirmAsync(freed, cancellation);
        }

        return freed;
    }

    // Whoever may start it again: a known watcher, a shell that runs a script, or a master of the same program. Others (an editor, a test) would only delay the answer.
    private ProcessIdentity? LoopingParent(ProcessFacts facts)
    {
        if (facts.Parents.Count == 0 || facts.Parents[0].Pid <= LastLook.LastSystemPid || tools.Processes.Describe(facts.Parents[0].Pid) is not { } parent)
            return null;
        bool runsScript = SystemPrograms.IsShell(parent) && parent.Command is { Count: > 1 };
        bool isMaster = parent.Path is not null && parent.Path == facts.Path;
        return runsScript || isMaster || facts.Supervisor is not null ? parent.Identity : null;
    }
}
