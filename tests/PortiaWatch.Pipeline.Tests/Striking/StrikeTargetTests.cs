using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Striking;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Pipeline.Tests.Striking;

/// <summary>Who gets a signal, who does not, and what is said when nobody got one.</summary>
public sealed class StrikeTargetTests : IDisposable
{
    private readonly FakeMachine _machine = new();
    private readonly Strikes _strikes;
    private readonly CancellationTokenSource _stop = new();

    public StrikeTargetTests() => _strikes = new Strikes(_machine);

    public void Dispose() => _stop.Dispose();

    [Fact]
    public async Task Run_SeveralTargets_AllAreSignalled()
    {
        StrikeResult result = await _strikes.RunAsync(_machine.Hold(), _machine.Hold(78, "worker"));

        Assert.Equal(OutcomeKind.Freed, result.Kind);
        Assert.Equal([(77, StopSignal.Terminate), (78, StopSignal.Terminate)], _machine.Signals);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_AnyEnd_ClosesEveryHandle(bool isDryRun)
    {
        ProcessFacts[] holders = [_machine.Hold(), _machine.Hold(78, "worker")];

        await _strikes.RunAsync(Strikes.On(holders) with { IsDryRun = isDryRun });

        Assert.Equal((0, isDryRun ? 0 : 2), (_machine.OpenHandles, _machine.Signals.Count));
    }

    [Fact]
    public async Task Run_TargetEndsByItselfWhileAnotherHolds_SaysWhoHoldsIt()
    {
        ProcessFacts target = _machine.Hold();
        _machine.Hold(78, "sidecar");
        _machine.BeforeOpen = () => _machine.End(77);

        StrikeResult result = await _strikes.RunAsync(target);

        Assert.Equal(OutcomeKind.TakenAgain, result.Kind);
        Assert.Contains("sidecar (pid 78", result.Sentence, StringComparison.Ordinal);
        Assert.Empty(_machine.Signals);
    }

    [Fact]
    public async Task Run_EveryHolderEndsByItself_IsVanished()
    {
        ProcessFacts target = _machine.Hold();
        _machine.Hold(78, "sidecar");
        _machine.BeforeOpen = () => _machine.Holders.ToList().ForEach(_machine.End);

        Assert.Equal(OutcomeKind.Vanished, (await _strikes.RunAsync(target)).Kind);
    }

    [Fact]
    public async Task Run_TargetEndsRightBeforeItsSignal_IsNotSaidToBeStopped()
    {
        ProcessFacts target = _machine.Hold();
        _machine.BeforeSignal = () => _machine.End(77);

        StrikeResult result = await _strikes.RunAsync(target);

        Assert.Equal((OutcomeKind.Vanished, "Port 3000 was free before anything was signalled."), (result.Kind, result.Sentence));
        Assert.Empty(result.Signalled);
    }

    [Fact]
    public async Task Run_OneOfTwoTargetsEndsRightBeforeItsSignal_OnlyTheOtherIsSaidToBeStopped()
    {
        ProcessFacts[] holders = [_machine.Hold(), _machine.Hold(78, "worker")];
        _machine.BeforeSignal = () => _machine.End(77);

        StrikeResult result = await _strikes.RunAsync(holders);

        Assert.EndsWith("after SIGTERM to worker (pid 78).", result.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_TargetLetsGoAndLivesOnWhileAnotherHolds_IsNotWaitedFor()
    {
        ProcessFacts target = _machine.Hold();
        _machine.Hold(78, "sidecar");
        _machine.BeforeOpen = () => _machine.Holders.Remove(77);

        StrikeResult result = await _strikes.RunAsync(target);

        Assert.Equal((OutcomeKind.StillHeld, "Port 3000 is still held by sidecar (pid 78)."), (result.Kind, result.Sentence));
        Assert.Empty(_machine.Signals);
        Assert.Empty(_machine.Waits);
    }

    [Fact]
    public async Task Run_OwnerEndedSinceTheTableWasRead_IsVanishedOnceThePortIsFree()
    {
        ProcessFacts target = _machine.Hold();
        _machine.Fixed = _machine.Blocking(Some.Tcp());
        _machine.End(77);
        int looks = 0;
        _machine.BeforeLook = () => _machine.Fixed = ++looks > 1 ? null : _machine.Fixed;

        Assert.Equal(OutcomeKind.Vanished, (await _strikes.RunAsync(target)).Kind);
    }

    [Theory]
    [InlineData(true, OutcomeKind.Refused)]
    [InlineData(false, OutcomeKind.NotPermitted)]
    public async Task Run_OwnerCannotBeDescribed_SignalsNobody(bool isMeant, OutcomeKind kind)
    {
        ProcessFacts target = _machine.Hold();
        _machine.Fixed = _machine.Blocking(Some.Tcp());
        _machine.End(77);

        Assert.Equal(kind, (await _strikes.RunAsync(isMeant ? [target] : [])).Kind);
        Assert.Empty(_machine.Signals);
    }

    [Fact]
    public async Task Run_SystemForbidsTheSignal_NamesTheFirstThatItForbids()
    {
        ProcessFacts[] holders = [_machine.Hold(77, "ping"), _machine.Hold(78, "sudo")];
        _machine.Refusal = _ => SignalResult.NotPermitted;

        StrikeResult result = await _strikes.RunAsync(holders);

        Assert.Equal((OutcomeKind.NotPermitted, "sudo portia free 3000"), (result.Kind, result.NextStep));
        Assert.Contains("ping (pid 77)", result.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_SystemForbidsOneOfTwo_GoesOnWithTheOther()
    {
        ProcessFacts[] holders = [_machine.Hold(77, "sudo"), _machine.Hold(78, "node")];
        _machine.Refusal = pid => pid == 77 ? SignalResult.NotPermitted : null;

        StrikeResult result = await _strikes.RunAsync(holders);

        Assert.Equal((OutcomeKind.StillHeld, 78), (result.Kind, Assert.Single(result.Signalled).Pid));
    }

    [Fact]
    public async Task Run_StoppedBetweenGraceAndSigkill_KillsNobody()
    {
        ProcessFacts holder = _machine.Hold();
        _machine.OnSignal = (_, _) => _machine.BeforeLook = _stop.Cancel;

        StrikeResult result = await _strikes.RunAsync(Strikes.On(holder) with { Settings = Strikes.Forced }, _stop.Token);

        Assert.Equal((OutcomeKind.TimedOut, StopSignal.Terminate), (result.Kind, Assert.Single(_machine.Signals).Signal));
    }

    [Fact]
    public async Task Run_StoppedAfterSigkill_SaysThatItWasSent()
    {
        ProcessFacts holder = _machine.Hold();
        _machine.OnSignal = (_, signal) => _machine.BeforeWait = signal == StopSignal.Kill ? _stop.Cancel : null;

        StrikeResult result = await _strikes.RunAsync(Strikes.On(holder) with { Settings = Strikes.Forced }, _stop.Token);

        Assert.Equal("SIGKILL was sent to node (pid 77); PortiaWatch was stopped before it saw the exit.", result.Sentence);
    }

    [Fact]
    public async Task Run_StoppedWhenNothingWasDone_IsNoOutcome()
    {
        ProcessFacts holder = _machine.Hold();
        _machine.Fixed = _machine.Blocking(Some.Tcp());
        _machine.BeforeSignal = () =>
        {
            _machine.End(77);
            _stop.Cancel();
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _strikes.RunAsync(Strikes.On(holder), _stop.Token));
    }

    [Theory]
    [InlineData(SocketUse.Listening)]
    [InlineData(SocketUse.Bound)]
    public async Task Run_DryRun_NamesWhomItWouldSignal(SocketUse use)
    {
        _machine.Use = use;
        StrikeResult result = await _strikes.RunAsync(Strikes.On(_machine.Hold()) with { IsDryRun = true });

        Assert.Equal("Would send SIGTERM to node (pid 77) to free port 3000.", result.Sentence);
    }
}
