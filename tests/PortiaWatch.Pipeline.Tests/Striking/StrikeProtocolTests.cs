using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Striking;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Pipeline.Tests.Striking;

public sealed class StrikeProtocolTests
{
    private readonly FakeMachine _machine = new();
    private readonly ManualTimeProvider _time = new();
    private readonly List<string> _commands = [];
    private string? _commandFailure;

    [Fact]
    public async Task Run_HolderEndsOnSigterm_IsFreed()
    {
        _machine.Hold();

        StrikeResult result = await RunAsync();

        Assert.Equal(OutcomeKind.Freed, result.Kind);
        Assert.Equal([(77, StopSignal.Terminate)], _machine.Signals);
        Assert.Equal(77, Assert.Single(result.Signalled).Pid);
        Assert.NotNull(result.Took);
    }

    [Fact]
    public async Task Run_NobodyHoldsIt_IsVanished()
    {
        StrikeOrder order = Order(_machine.Hold());
        _machine.End(77);

        Assert.Equal(OutcomeKind.Vanished, (await RunAsync(order)).Kind);
        Assert.Empty(_machine.Signals);
    }

    [Theory]
    [InlineData(PortState.TimeWait, OutcomeKind.TimeWait)]
    [InlineData(PortState.Reserved, OutcomeKind.Reserved)]
    [InlineData(PortState.Unknown, OutcomeKind.NotPermitted)]
    public async Task Run_NoProcessToStop_SaysWhy(PortState state, OutcomeKind kind)
    {
        StrikeOrder order = Order(_machine.Hold());
        _machine.Fixed = new Occupancy { State = state };

        StrikeResult result = await RunAsync(order);

        Assert.Equal(kind, result.Kind);
        Assert.Empty(_machine.Signals);
        Assert.NotNull(result.NextStep);
    }

    [Fact]
    public async Task Run_PidRecycled_IsRefused()
    {
        StrikeOrder order = Order(_machine.Hold());
        _machine.Replace(77, identity => identity with { Generation = identity.Generation + 1 });

        Assert.Equal(OutcomeKind.Refused, (await RunAsync(order)).Kind);
        Assert.Empty(_machine.Signals);
    }

    [Fact]
    public async Task Run_ExecWhilePinning_IsRefused()
    {
        StrikeOrder order = Order(_machine.Hold());
        _machine.BeforeOpen = () => _machine.Replace(77, identity => identity with { Image = 2 });

        Assert.Equal(OutcomeKind.Refused, (await RunAsync(order)).Kind);
        Assert.Empty(_machine.Signals);
    }

    [Fact]
    public async Task Run_ExecRightBeforeTheSignal_IsRefused()
    {
        StrikeOrder order = Order(_machine.Hold());
        _machine.BeforeSignal = () => _machine.Replace(77, identity => identity with { Image = 2 });

        Assert.Equal(OutcomeKind.Refused, (await RunAsync(order)).Kind);
        Assert.Empty(_machine.Signals);
    }

    [Fact]
    public async Task Run_ExecBetweenSigtermAndSigkill_IsNotKilled()
    {
        StrikeOrder order = Order(_machine.Hold()) with { Settings = new StrikeSettings { Force = true } };
        _machine.OnSignal = (_, _) => _machine.Replace(77, identity => identity with { Image = 2 });

        await RunAsync(order);

        Assert.Equal([(77, StopSignal.Terminate)], _machine.Signals);
    }

    [Fact]
    public async Task Run_HolderCaughtOnItsWayOut_IsNotTakenForANewOne()
    {
        _machine.Hold();
        _machine.OnSignal = (_, _) => _machine.Replace(77, identity => identity with { Image = null });

        Assert.Equal(OutcomeKind.TimedOut, (await RunAsync()).Kind);
    }

    [Fact]
    public async Task Run_LetGoBetweenPinningAndSignal_IsNotSignalled()
    {
        StrikeOrder order = Order(_machine.Hold());
        _machine.BeforeOpen = () => _machine.Holders.Clear();

        Assert.Equal(OutcomeKind.Vanished, (await RunAsync(order)).Kind);
        Assert.Empty(_machine.Signals);
    }

    [Fact]
    public async Task Run_AnotherHolderThanDecided_IsToldAndLeftAlone()
    {
        StrikeOrder order = Order(_machine.Hold());
        _machine.End(77);
        _machine.Hold(78, "vite");

        StrikeResult result = await RunAsync(order);

        Assert.Equal(OutcomeKind.TakenAgain, result.Kind);
        Assert.Contains("vite (pid 78", result.Sentence, StringComparison.Ordinal);
        Assert.Empty(_machine.Signals);
    }

    [Fact]
    public async Task Run_OwnerCannotBeSeen_IsNotPermitted()
    {
        StrikeOrder order = Order(_machine.Hold());
        _machine.Fixed = new Occupancy { State = PortState.Held, Owners = [new SocketOwner { Endpoint = Some.Tcp(), Use = SocketUse.Listening, Socket = 4, Uid = 0 }] };

        StrikeResult result = await RunAsync(order);

        Assert.Equal(OutcomeKind.NotPermitted, result.Kind);
        Assert.Contains("root", result.Sentence, StringComparison.Ordinal);
        Assert.Equal("sudo portia free 3000", result.NextStep);
    }

    [Fact]
    public async Task Run_IncompleteIdentity_IsRefused()
    {
        _machine.Hold(change: facts => facts with { Identity = facts.Identity with { Image = null } });

        Assert.Equal(OutcomeKind.Refused, (await RunAsync()).Kind);
        Assert.Empty(_machine.Signals);
    }

    [Fact]
    public async Task Run_OnlyAConnection_IsNeverAReasonToStop()
    {
        _machine.Hold(77, "firefox");
        _machine.Use = SocketUse.Connected;

        StrikeResult result = await RunAsync(Order() with { IsByHand = true });

        Assert.Equal(OutcomeKind.Refused, result.Kind);
        Assert.Empty(_machine.Signals);
    }

    [Fact]
    public async Task Run_OneProtectedAmongSeveral_SignalsNobody()
    {
        _machine.Hold();
        _machine.Hold(78, "docker-proxy");

        Assert.Equal(OutcomeKind.Refused, (await RunAsync()).Kind);
        Assert.Empty(_machine.Signals);
    }

    [Fact]
    public async Task Run_IgnoresSigterm_TimesOutUnlessForced()
    {
        ProcessFacts holder = _machine.Hold();
        _machine.OnSignal = (pid, signal) =>
        {
            if (signal == StopSignal.Kill)
                _machine.End(pid);
        };

        StrikeResult patient = await RunAsync();
        StrikeResult forced = await RunAsync(Order(holder) with { Settings = new StrikeSettings { Force = true } });

        Assert.Equal(OutcomeKind.TimedOut, patient.Kind);
        Assert.Equal("portia free 3000 --force", patient.NextStep);
        Assert.Equal(OutcomeKind.Freed, forced.Kind);
        Assert.Equal([StopSignal.Terminate, StopSignal.Terminate, StopSignal.Kill], _machine.Signals.Select(s => s.Signal));
    }

    [Fact]
    public async Task Run_ClosesThePortButLivesOn_IsFreedWithoutSigkill()
    {
        StrikeOrder order = Order(_machine.Hold()) with { Settings = new StrikeSettings { Force = true } };
        _machine.OnSignal = (_, _) => _machine.Holders.Clear();

        Assert.Equal(OutcomeKind.Freed, (await RunAsync(order)).Kind);
        Assert.Equal([(77, StopSignal.Terminate)], _machine.Signals);
    }

    [Fact]
    public async Task Run_TakenAgainByAChildOfTheSameParent_NamesIt()
    {
        StrikeOrder order = Order(_machine.Hold());
        _machine.OnSignal = (pid, _) =>
        {
            _machine.End(pid);
            _machine.Hold(90, "node", facts => facts with { Parents = [new(80, "loop.sh"), new(1, "systemd")] });
        };

        StrikeResult result = await RunAsync(order);

        Assert.Equal(OutcomeKind.TakenAgain, result.Kind);
        Assert.Contains("child of loop.sh, pid 80", result.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_SecondHolderStays_IsStillHeldByIt()
    {
        ProcessFacts first = _machine.Hold();
        _machine.Hold(78, "sidecar");

        StrikeResult result = await RunAsync(Order(first));

        Assert.Equal(OutcomeKind.StillHeld, result.Kind);
        Assert.Contains("sidecar (pid 78)", result.Sentence, StringComparison.Ordinal);
        Assert.Equal([(77, StopSignal.Terminate)], _machine.Signals);
    }

    [Fact]
    public async Task Run_ClosedConnectionsRemain_IsTimeWaitWithItsEnd()
    {
        StrikeOrder order = Order(_machine.Hold());
        _machine.OnSignal = (pid, _) =>
        {
            _machine.End(pid);
            _machine.Fixed = new Occupancy { State = PortState.TimeWait, ClearsIn = TimeSpan.FromSeconds(59) };
        };

        StrikeResult result = await RunAsync(order);

        Assert.Equal(OutcomeKind.TimeWait, result.Kind);
        Assert.Contains("12:00:59", result.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_DryRun_StopsBeforeTheCall()
    {
        StrikeResult result = await RunAsync(Order(_machine.Hold()) with { IsDryRun = true });

        Assert.Equal(OutcomeKind.DryRun, result.Kind);
        Assert.Empty(_machine.Signals);
    }

    [Fact]
    public async Task Run_Tree_ChildrenGoFirstEachWithItsOwnIdentity()
    {
        ProcessFacts parent = _machine.Hold();
        _machine.Add(Some.Process(78, "esbuild") with { Parents = [new(77, "node")] });
        _machine.Add(Some.Process(79, "worker") with { Parents = [new(78, "esbuild")] });

        StrikeResult result = await RunAsync(Order(parent) with { WithTree = true });

        Assert.Equal(OutcomeKind.Freed, result.Kind);
        Assert.Equal([79, 78, 77], _machine.Signals.Select(s => s.Pid));
    }

    [Fact]
    public async Task Run_TreeWhoseHolderLetsGoWhileItIsPinned_SignalsNoneOfIt()
    {
        ProcessFacts parent = _machine.Hold();
        _machine.Add(Some.Process(78, "esbuild") with { Parents = [new(77, "node")] });
        _machine.BeforeOpen = () => _machine.Holders.Clear();

        StrikeResult result = await RunAsync(Order(parent) with { WithTree = true });

        Assert.Equal(OutcomeKind.Vanished, result.Kind);
        Assert.Empty(_machine.Signals);
    }

    [Fact]
    public async Task Run_TreeWithAnotherHolderInIt_SignalsEachOnce()
    {
        ProcessFacts parent = _machine.Hold();
        ProcessFacts child = _machine.Hold(78, "worker", facts => facts with { Parents = [new(77, "node")] });

        // Nobody ends on the spot.
        _machine.OnSignal = (_, _) => { };
        _machine.BeforeWait = () =>
        {
            _machine.End(77);
            _machine.End(78);
        };

        StrikeResult result = await RunAsync(Order(parent, child) with { WithTree = true });

        Assert.Equal(OutcomeKind.Freed, result.Kind);
        Assert.Equal([78, 77], _machine.Signals.Select(s => s.Pid));
    }

    [Fact]
    public async Task Run_Supervised_AdvisesOrRunsTheStopCommand()
    {
        ProcessFacts holder = _machine.Hold(change: facts => facts with { Supervisor = new Supervisor("systemd", "api.service", ["systemctl", "--user", "stop", "api.service"]) });
        StrikeOrder order = Order(holder);

        StrikeResult advised = await RunAsync(order);
        StrikeResult stopped = await RunAsync(order with { Settings = new StrikeSettings { Supervised = SupervisedHandling.Stop } });

        Assert.Equal(OutcomeKind.Refused, advised.Kind);
        Assert.Equal("systemctl --user stop api.service", advised.NextStep);
        Assert.Equal(OutcomeKind.Freed, stopped.Kind);
        Assert.Equal(["systemctl --user stop api.service"], _commands);
        Assert.Empty(_machine.Signals);
    }

    [Fact]
    public async Task Run_StopCommandFails_SignalsNobody()
    {
        _machine.Hold(change: facts => facts with { Supervisor = new Supervisor("pm2", "pm2 (pid 9)", ["pm2", "stop", "3"]) });
        _commandFailure = "ended with 1: no such process";

        StrikeResult result = await RunAsync(Order() with { Settings = new StrikeSettings { Supervised = SupervisedHandling.Stop } });

        Assert.Equal(OutcomeKind.StillHeld, result.Kind);
        Assert.Empty(_machine.Signals);
    }

    [Fact]
    public async Task Run_BudgetUsedUp_OpensTheCircuitAndNamesTheTaker()
    {
        var protocol = Protocol();
        var kinds = new List<StrikeResult>();
        for (int i = 0; i < 4; i++)
        {
            _machine.Hold(80 + i);
            kinds.Add(await protocol.RunAsync(Order(), CancellationToken.None));
        }

        Assert.Equal([OutcomeKind.Freed, OutcomeKind.Freed, OutcomeKind.Freed, OutcomeKind.Refused], kinds.Select(k => k.Kind));
        Assert.Contains("node (pid 82, child of bash, pid 400)", kinds[3].Sentence, StringComparison.Ordinal);
        Assert.Equal(3, _machine.Signals.Count);
        Assert.Equal(OutcomeKind.Freed, (await protocol.RunAsync(Order() with { IsByHand = true }, CancellationToken.None)).Kind);
    }

    [Fact]
    public async Task Run_TwoAtOnceOnOneEndpoint_SecondIsRefused()
    {
        StrikeOrder order = Order(_machine.Hold());
        var protocol = Protocol();
        Task<StrikeResult>? second = null;
        _machine.OnSignal = (pid, _) =>
        {
            second = protocol.RunAsync(order with { Endpoint = Some.Tcp(3000, "127.0.0.1") }, CancellationToken.None);
            _machine.End(pid);
        };

        StrikeResult first = await protocol.RunAsync(order, CancellationToken.None);

        Assert.Equal(OutcomeKind.Freed, first.Kind);
        Assert.Equal(OutcomeKind.Refused, (await second!).Kind);
    }

    [Fact]
    public async Task Run_HostileName_IsCleanedInTheSentence()
    {
        _machine.Hold(77, "no\u001b[31mde\nx");

        Assert.DoesNotContain((await RunAsync()).Sentence, char.IsControl);
    }

    private Task<StrikeResult> RunAsync(StrikeOrder? order = null) => Protocol().RunAsync(order ?? Order(), CancellationToken.None);

    private StrikeProtocol Protocol() => new(_machine, _machine, _machine, _time, runStopCommand: (command, _, _) =>
    {
        _commands.Add(string.Join(' ', command));
        _machine.Holders.ToList().ForEach(_machine.End);
        return Task.FromResult(_commandFailure);
    });

    /// <summary>For the given holders, or for all there are.</summary>
    private StrikeOrder Order(params ProcessFacts[] targets) => new()
    {
        Endpoint = Some.Tcp(),
        Targets = [.. (targets.Length > 0 ? targets : _machine.Holders.Select(pid => _machine.Describe(pid)!)).Select(p => new Holder { Endpoint = Some.Tcp(), Use = SocketUse.Listening, Process = p })],
        Settings = new StrikeSettings(),
        Protect = new ProtectSettings(),
    };
}
