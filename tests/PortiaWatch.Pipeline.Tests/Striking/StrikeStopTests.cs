using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Striking;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Pipeline.Tests.Striking;

/// <summary>Strikes that end early: PortiaWatch itself is stopped, or a unit is not ours to stop.</summary>
public sealed class StrikeStopTests : IDisposable
{
    private readonly FakeMachine _machine = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<string> _commands = [];
    private readonly Supervisor _supervisor = new("systemd", "api.service", ["systemctl", "stop", "api.service"]);

    public void Dispose() => _stop.Dispose();

    [Fact]
    public async Task Run_StoppedBeforeTheSignal_SignalsNobody()
    {
        StrikeOrder order = Order(_machine.Hold());
        _machine.BeforeOpen = _stop.Cancel;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync(order));

        Assert.Empty(_machine.Signals);
    }

    [Fact]
    public async Task Run_StoppedAfterSigterm_SaysWhatWasSentAndKillsNobody()
    {
        StrikeOrder order = Order(_machine.Hold(), new StrikeSettings { Force = true });
        _machine.OnSignal = (_, _) => _stop.Cancel();

        StrikeResult result = await RunAsync(order);

        Assert.Equal(OutcomeKind.TimedOut, result.Kind);
        Assert.Equal("SIGTERM was sent to node (pid 77); PortiaWatch was stopped before it saw the exit.", result.Sentence);
        Assert.Equal(77, Assert.Single(result.Signalled).Pid);
        Assert.Equal([(77, StopSignal.Terminate)], _machine.Signals);
    }

    [Fact]
    public async Task Run_StoppedWhileItLooksForARespawn_IsStillFreed()
    {
        _machine.Add(Some.Process(80, "bash") with { Command = ["bash", "loop.sh"] });
        StrikeOrder order = Order(_machine.Hold(change: facts => facts with { Parents = [new(80, "bash")] }));
        int waits = 0;
        _machine.BeforeWait = () =>
        {
            if (++waits == 2)
                _stop.Cancel();
        };

        StrikeResult result = await RunAsync(order);

        Assert.Equal((2, OutcomeKind.Freed), (waits, result.Kind));
    }

    [Fact]
    public async Task Run_StoppedBeforeTheStopCommand_RunsNothing()
    {
        StrikeOrder order = Order(_machine.Hold(change: facts => facts with { Supervisor = _supervisor }), new StrikeSettings { Supervised = SupervisedHandling.Stop });
        _machine.BeforeOpen = _stop.Cancel;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync(order));

        Assert.Empty(_commands);
    }

    [Fact]
    public async Task Run_SupervisedHolderThatWasNotMeant_KeepsItsUnit()
    {
        ProcessFacts meant = _machine.Hold();
        _machine.Hold(78, "api", facts => facts with { Supervisor = _supervisor });

        StrikeResult result = await RunAsync(Order(meant, new StrikeSettings { Supervised = SupervisedHandling.Stop }));

        Assert.Equal(OutcomeKind.Refused, result.Kind);
        Assert.Contains("api (pid 78)", result.Sentence, StringComparison.Ordinal);
        Assert.Empty(_commands);
        Assert.Empty(_machine.Signals);
    }

    [Fact]
    public async Task Run_SupervisedHolderOfAnotherUser_IsAdviceEvenForRoot()
    {
        _machine.CurrentUser = 0;
        ProcessFacts holder = _machine.Hold(change: facts => facts with { Supervisor = _supervisor });

        StrikeResult result = await RunAsync(Order(holder, new StrikeSettings { Supervised = SupervisedHandling.Stop }) with { IsByHand = true });

        Assert.Equal((OutcomeKind.Refused, "systemctl stop api.service"), (result.Kind, result.NextStep));
        Assert.Empty(_commands);
    }

    [Fact]
    public async Task Run_ProxyOfAContainer_IsFreedByTheEngineAndNeverSignalled()
    {
        int asked = 0;
        Supervisor engine = new("podman", "web", ["podman", "stop", "web"])
        {
            IsProxy = true,
            StopAsync = _ =>
            {
                asked++;
                _machine.End(77);
                return Task.FromResult<string?>(null);
            },
        };
        ProcessFacts proxy = _machine.Hold(77, "conmon", facts => facts with { Supervisor = engine });

        StrikeResult advised = await RunAsync(Order(proxy, new StrikeSettings { Force = true }));
        StrikeResult stopped = await RunAsync(Order(proxy, new StrikeSettings { Force = true, Supervised = SupervisedHandling.Stop }));

        Assert.Equal((OutcomeKind.Refused, "podman stop web"), (advised.Kind, advised.NextStep));
        Assert.Equal("conmon (pid 77) publishes port 3000 for podman container web, so it was not signalled.", advised.Sentence);
        Assert.Equal((OutcomeKind.Freed, 1), (stopped.Kind, asked));
        Assert.Empty(_machine.Signals);
        Assert.Empty(_commands);
    }

    [Fact]
    public async Task Run_ProxyThatTheConfigurationProtects_IsNotStoppedThroughItsEngineEither()
    {
        ProcessFacts proxy = _machine.Hold(77, "conmon", facts => facts with { Supervisor = new("podman", "web", ["podman", "stop", "web"]) { IsProxy = true } });

        StrikeResult result = await RunAsync(Order(proxy, new StrikeSettings { Supervised = SupervisedHandling.Stop }) with { Protect = new ProtectSettings { Ports = [new PortRange(3000, 3000)] } });

        Assert.Equal(OutcomeKind.Refused, result.Kind);
        Assert.Empty(_commands);
    }

    [Fact]
    public async Task Run_ProxyOfAnUnknownContainer_StaysProtected()
    {
        ProcessFacts proxy = _machine.Hold(77, "conmon");

        StrikeResult result = await RunAsync(Order(proxy, new StrikeSettings { Supervised = SupervisedHandling.Stop }));

        Assert.Equal(OutcomeKind.Refused, result.Kind);
        Assert.Contains("container engine", result.Sentence, StringComparison.Ordinal);
        Assert.Empty(_machine.Signals);
    }

    private Task<StrikeResult> RunAsync(StrikeOrder order) => new StrikeProtocol(_machine, _machine, _machine, new ManualTimeProvider(), runStopCommand: (command, _, _) =>
    {
        _commands.Add(string.Join(' ', command));
        _machine.Holders.ToList().ForEach(_machine.End);
        return Task.FromResult<string?>(null);
    }).RunAsync(order, _stop.Token);

    private static StrikeOrder Order(ProcessFacts target, StrikeSettings? settings = null) => new()
    {
        Endpoint = Some.Tcp(),
        Targets = [new Holder { Endpoint = Some.Tcp(), Use = SocketUse.Listening, Process = target }],
        Settings = settings ?? new StrikeSettings(),
        Protect = new ProtectSettings(),
    };
}
