using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Striking;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Pipeline.Tests.Striking;

/// <summary>What is found, and said, once the signals are out: nothing counts as freed that cannot be bound.</summary>
public sealed class StrikeEndingTests
{
    private readonly FakeMachine _machine = new();
    private readonly Strikes _strikes;

    public StrikeEndingTests() => _strikes = new Strikes(_machine);

    [Fact]
    public async Task Run_TableIsEmptyButNothingCanBeBound_IsReservedAfterTheKernelsTimeToClose()
    {
        StrikeOrder order = Strikes.On(_machine.Hold());
        _machine.Bindable = false;

        StrikeResult result = await _strikes.RunToTheEndAsync(order);

        Assert.Equal((OutcomeKind.Reserved, TimeSpan.FromMilliseconds(48)), (result.Kind, result.Took));
    }

    [Fact]
    public async Task Run_KernelIsStillClosing_IsFreedWhenItHasClosed()
    {
        StrikeOrder order = Strikes.On(_machine.Hold());
        _machine.Bindable = false;
        int looks = 0;
        _machine.BeforeLook = () => _machine.Bindable = ++looks > 6;

        StrikeResult result = await _strikes.RunToTheEndAsync(order);

        Assert.Equal("Port 3000 is free, 6 ms after SIGTERM to node (pid 77).", result.Sentence);
    }

    [Fact]
    public async Task Run_SocketWithoutAnOwnerRemains_IsStillHeldBySomebodyUnseen()
    {
        StrikeOrder order = Strikes.On(_machine.Hold());
        _machine.OnSignal = (pid, _) =>
        {
            _machine.End(pid);
            var root = new SocketOwner { Endpoint = Some.Tcp(), Use = SocketUse.Listening, Socket = 9, Uid = 0 };
            _machine.Fixed = new Occupancy { State = PortState.Held, Owners = [root] };
        };

        StrikeResult result = await _strikes.RunToTheEndAsync(order);

        Assert.Equal(OutcomeKind.StillHeld, result.Kind);
        Assert.Equal("Port 3000 is still held, by a process of user root that cannot be seen from here.", result.Sentence);
        Assert.Equal((TimeSpan.FromMilliseconds(48), "sudo portia who 3000"), (result.Took, result.NextStep));
    }

    [Fact]
    public async Task Run_TakenBetweenTheLookAndTheBind_NamesTheTaker()
    {
        StrikeOrder order = Strikes.On(_machine.Hold());
        int looks = 0;
        _machine.BeforeLook = () =>
        {
            // Before the strike, after it, and once more when the bind has failed.
            if (++looks == 3)
                _machine.Hold(90, "vite");
        };
        _machine.Bindable = false;

        StrikeResult result = await _strikes.RunAsync(order);

        Assert.Equal(OutcomeKind.TakenAgain, result.Kind);
        Assert.Contains("vite (pid 90", result.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_TakerStartedInTheSameTick_IsNotTheOldHolder()
    {
        StrikeOrder order = Strikes.On(_machine.Hold()) with { Settings = Strikes.Forced };
        _machine.OnSignal = (pid, _) =>
        {
            ProcessIdentity old = _machine.Identify(pid)!;
            _machine.End(pid);
            _machine.Hold(90, "vite", facts => facts with { Identity = old with { Pid = 90 } });
        };

        Assert.Equal(OutcomeKind.TakenAgain, (await _strikes.RunAsync(order)).Kind);
        Assert.Equal([(77, StopSignal.Terminate)], _machine.Signals);
    }

    [Fact]
    public async Task Run_HolderWithTwoSockets_IsNamedOnce()
    {
        StrikeOrder order = Strikes.On(_machine.Hold());
        _machine.Holders.Add(77);
        _machine.OnSignal = (_, _) => { };

        StrikeResult result = await _strikes.RunAsync(order);

        Assert.Equal("node (pid 77) did not end within 5 s after SIGTERM and still holds port 3000.", result.Sentence);
        Assert.Single(_machine.Signals);
    }

    [Fact]
    public async Task Run_HoldersThatDoNotEnd_AreAllNamed()
    {
        ProcessFacts[] holders = [_machine.Hold(), .. Enumerable.Range(78, 4).Select(pid => _machine.Hold(pid, "worker"))];
        _machine.OnSignal = (_, _) => { };

        StrikeResult result = await _strikes.RunAsync(holders);

        Assert.StartsWith("node (pid 77), worker (pid 78), worker (pid 79) and 2 more did not end", result.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_SurvivesSigkill_IsStuckInTheKernel()
    {
        StrikeOrder order = Strikes.On(_machine.Hold()) with { Settings = Strikes.Forced };
        _machine.OnSignal = (_, _) => { };

        StrikeResult result = await _strikes.RunAsync(order);

        Assert.Equal(OutcomeKind.StillHeld, result.Kind);
        Assert.Contains("got SIGKILL and still holds", result.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_EndsAMomentAfterSigkill_IsFreed()
    {
        StrikeOrder order = Strikes.On(_machine.Hold()) with { Settings = Strikes.Forced };
        _machine.OnSignal = (_, signal) => _machine.BeforeWait = signal == StopSignal.Kill ? () => _machine.End(77) : null;

        StrikeResult result = await _strikes.RunAsync(order);

        Assert.Equal(OutcomeKind.Freed, result.Kind);
        Assert.EndsWith("after SIGTERM, at last by SIGKILL, to node (pid 77).", result.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_EndsByItselfBeforeSigkill_IsNotSaidToBeKilled()
    {
        StrikeOrder order = Strikes.On(_machine.Hold()) with { Settings = Strikes.Forced };
        _machine.OnSignal = (_, _) => _machine.BeforeSignal = () => _machine.End(77);

        StrikeResult result = await _strikes.RunAsync(order);

        Assert.Equal(OutcomeKind.Freed, result.Kind);
        Assert.DoesNotContain("SIGKILL", result.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ExecBetweenSigtermAndSigkill_DoesNotDenyTheSigterm()
    {
        StrikeOrder order = Strikes.On(_machine.Hold()) with { Settings = Strikes.Forced };
        _machine.OnSignal = (_, _) => _machine.BeforeSignal = () => _machine.Replace(77, identity => identity with { Image = 2 });

        StrikeResult result = await _strikes.RunAsync(order);

        Assert.Equal("Pid 77 is not the node any more that was found on port 3000; it got no SIGKILL.", result.Sentence);
        Assert.Equal(77, Assert.Single(result.Signalled).Pid);
    }

    [Fact]
    public async Task Run_OnlyConnectionsRemain_SaysThatNobodyListens()
    {
        ProcessFacts holder = _machine.Hold();
        _machine.OnSignal = (pid, _) =>
        {
            _machine.End(pid);
            _machine.Hold(90, "chrome");
            _machine.Use = SocketUse.Connected;
        };

        StrikeResult result = await _strikes.RunAsync(holder);

        Assert.Equal(OutcomeKind.StillHeld, result.Kind);
        Assert.Equal("Nobody listens on port 3000 any more, but open connections of chrome (pid 90) still keep it.", result.Sentence);
    }

    [Fact]
    public async Task Run_LoopStartsItAgain_IsTakenAgainWithTheTimeOfTheFirst()
    {
        _machine.Add(Some.Process(80, "bash") with { Command = ["bash", "loop.sh"] });
        ProcessFacts holder = _machine.Hold(change: facts => facts with { Parents = [new(80, "bash")] });
        _machine.BeforeWait = () =>
        {
            _strikes.Time.Advance(TimeSpan.FromMilliseconds(40));
            if (_machine.Waits[^1].Pid == 80)
                _machine.Hold(90, change: facts => facts with { Parents = [new(80, "bash")] });
        };

        StrikeResult result = await _strikes.RunAsync(holder);

        Assert.Equal((OutcomeKind.TakenAgain, "Stop what starts it: bash (pid 80)."), (result.Kind, result.NextStep));
        Assert.Equal(TimeSpan.FromMilliseconds(40), result.Took);
    }

    [Fact]
    public async Task Run_LivesOnAndOpensThePortAgain_IsNotFreed()
    {
        _machine.Add(Some.Process(80, "bash") with { Command = ["bash", "loop.sh"] });
        ProcessFacts holder = _machine.Hold(change: facts => facts with { Parents = [new(80, "bash")] });
        _machine.OnSignal = (pid, _) => _machine.Holders.Remove(pid);
        _machine.BeforeWait = () =>
        {
            if (_machine.Waits[^1].Pid == 80)
                _machine.Holders.Add(77);
        };

        StrikeResult result = await _strikes.RunAsync(holder);

        Assert.Equal((OutcomeKind.TimedOut, "portia free 3000 --force"), (result.Kind, result.NextStep));
    }

    [Fact]
    public async Task Run_LoopWaitsAndThePortCannotBeReadAnyMore_IsStillFreed()
    {
        _machine.Add(Some.Process(80, "bash") with { Command = ["bash", "loop.sh"] });
        ProcessFacts holder = _machine.Hold(change: facts => facts with { Parents = [new(80, "bash")] });
        _machine.BeforeWait = () =>
        {
            if (_machine.Waits[^1].Pid == 80)
                _machine.Fixed = new Occupancy { State = PortState.Unknown };
        };

        Assert.Equal(OutcomeKind.Freed, (await _strikes.RunAsync(holder)).Kind);
    }

    [Theory]
    [InlineData("bash", "/usr/bin/bash", new[] { "bash", "loop.sh" }, true)]
    [InlineData("gunicorn", "/usr/bin/node", new[] { "gunicorn" }, true)]
    [InlineData("bash", "/usr/bin/bash", new[] { "bash" }, false)]
    [InlineData("code", "/usr/share/code/code", new[] { "code", "." }, false)]
    [InlineData("code", null, new[] { "code", "." }, false)]
    public async Task Run_Freed_LooksAgainOnlyWhereTheParentMayStartItAgain(string name, string? path, string[] command, bool expected)
    {
        _machine.Add(Some.Process(80, name) with { Path = path, Command = command });
        ProcessFacts holder = _machine.Hold(change: facts => facts with { Path = path is null ? null : "/usr/bin/node", Parents = [new(80, name)] });

        Assert.Equal(OutcomeKind.Freed, (await _strikes.RunAsync(holder)).Kind);

        Assert.Equal(expected, _machine.Waits.Exists(wait => wait.Pid == 80));
    }

    [Fact]
    public async Task Run_FreedFromAProcessWithoutParents_IsFreed() =>
        Assert.Equal(OutcomeKind.Freed, (await _strikes.RunAsync(_machine.Hold(change: facts => facts with { Parents = [] }))).Kind);
}
