using System.Collections.Concurrent;
using System.Reactive.Concurrency;
using NSubstitute;
using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Debouncing;
using PortiaWatch.Pipeline.Detection;
using PortiaWatch.Pipeline.Enrichment;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Policies;
using PortiaWatch.Pipeline.Sources;
using PortiaWatch.Pipeline.Tests.Support;
using Serilog;

namespace PortiaWatch.Pipeline.Tests;

public sealed class CollisionPipelineTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ISocketTable _sockets = Substitute.For<ISocketTable>();
    private readonly IProcessTable _processes = Substitute.For<IProcessTable>();
    private readonly ConcurrentQueue<Outcome> _outcomes = new();
    private readonly ConcurrentQueue<Collision> _closed = new();
    private int _abandoned;

    public CollisionPipelineTests() => _sockets.Blocking(default!, default).ReturnsForAnyArgs(Occupancy.Free);

    [Fact]
    public async Task Pipeline_SourcesThatEnd_EndTheFlowWithEveryOutcome()
    {
        var source = new LineSource([.. Enumerable.Range(4000, 500).Select(Line)]);

        await RunAsync([source], CancellationToken.None).WaitAsync(Patience);

        Assert.Equal(500, _outcomes.Select(outcome => outcome.Verdict.Incident.Endpoint.Port).Distinct().Count());
    }

    [Fact]
    public async Task Pipeline_SameFailureFromTwoSources_IsOneOutcome()
    {
        await RunAsync([new LineSource([Line(4000)]), new LineSource([Line(4000)])], CancellationToken.None).WaitAsync(Patience);

        Assert.Single(_outcomes);
        Assert.Equal(2, Assert.Single(_closed).Count);
    }

    [Fact]
    public async Task Pipeline_Stop_DrainsWhatWasReadAndEnds()
    {
        using var stop = new CancellationTokenSource();
        var source = new LineSource([.. Enumerable.Range(4000, 100).Select(Line)], staysOpen: true);
        Task run = RunAsync([source], stop.Token);
        await source.Delivered.WaitAsync(Patience);

        await stop.CancelAsync();
        await run.WaitAsync(Patience);

        Assert.Equal(100, _outcomes.Count);
    }

    [Fact]
    public async Task Pipeline_ActionThatHangs_IsEndedAtTheDrainLimitAndAccountedFor()
    {
        using var stop = new CancellationTokenSource();
        var policy = Substitute.For<IPolicy>();
        policy.Action.Returns(RuleAction.Log);
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        policy.ApplyAsync(default!, default).ReturnsForAnyArgs(async call =>
        {
            entered.TrySetResult();
            await Task.Delay(Timeout.Infinite, call.Arg<CancellationToken>());
            throw new InvalidOperationException("never");
        });
        Task run = RunAsync([new LineSource([Line(4000)], staysOpen: true)], stop.Token, policy, TimeSpan.FromMilliseconds(50));
        await entered.Task.WaitAsync(Patience);

        await stop.CancelAsync();
        await run.WaitAsync(Patience);

        Assert.Equal(OutcomeKind.Failed, Assert.Single(_outcomes).Kind);
    }

    [Fact]
    public async Task Pipeline_HangingAction_DoesNotHoldUpOtherIncidents()
    {
        using var stop = new CancellationTokenSource();
        var policy = Substitute.For<IPolicy>();
        policy.Action.Returns(RuleAction.Log);
        policy.ApplyAsync(default!, default).ReturnsForAnyArgs(async call =>
        {
            var verdict = call.Arg<Verdict>();
            if (verdict.Incident.Endpoint.Port == 4000)
                await Task.Delay(Timeout.Infinite, call.Arg<CancellationToken>());
            return new Outcome { Verdict = verdict, Kind = OutcomeKind.Logged, Sentence = "", At = Some.Noon };
        });
        Task run = RunAsync([new LineSource([.. Enumerable.Range(4000, 50).Select(Line)], staysOpen: true)], stop.Token, policy, TimeSpan.FromMilliseconds(50));

        using var patience = new CancellationTokenSource(Patience);
        while (_outcomes.Count < 49)
            await Task.Delay(10, patience.Token);

        Assert.DoesNotContain(_outcomes, outcome => outcome.Verdict.Incident.Endpoint.Port == 4000);
        await stop.CancelAsync();
        await run.WaitAsync(Patience);
    }

    [Fact]
    public async Task Pipeline_StageThatFails_EndsTheFlowWithItsError()
    {
        var source = new LineSource([.. Enumerable.Range(1, 5000).Select(Line)], staysOpen: true);
        CollisionPipeline pipeline = New([source], new LogPolicy(TimeProvider.System), TimeSpan.FromSeconds(1), _ => throw new InvalidOperationException("broken observer"));

        Exception error = await Assert.ThrowsAnyAsync<Exception>(() => pipeline.RunAsync(CancellationToken.None).WaitAsync(Patience));

        Assert.Contains("broken observer", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pipeline_StopWhileLookupsTakeLong_LeavesTheRestAndSaysHowMany()
    {
        using var stop = new CancellationTokenSource();
        using var room = new SemaphoreSlim(0);
        var looking = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _sockets.Blocking(default!, default).ReturnsForAnyArgs(call =>
        {
            if (call.Arg<Endpoint>().Port == 4000)
                return Occupancy.Free;
            looking.TrySetResult();
            room.Wait(Patience);
            return Occupancy.Free;
        });

        // The first action learns when the time is over, and only then does the second lookup come to its end.
        var policy = Substitute.For<IPolicy>();
        policy.Action.Returns(RuleAction.Log);
        policy.ApplyAsync(default!, default).ReturnsForAnyArgs(async call =>
        {
            var verdict = call.Arg<Verdict>();
            if (verdict.Incident.Endpoint.Port == 4000)
            {
                await Task.Delay(Timeout.Infinite, call.Arg<CancellationToken>()).ContinueWith(_ => { }, TaskScheduler.Default);
                room.Release(20);
            }

            return new Outcome { Verdict = verdict, Kind = OutcomeKind.Logged, Sentence = "", At = Some.Noon };
        });
        Task run = RunAsync([new LineSource([.. Enumerable.Range(4000, 20).Select(Line)], staysOpen: true)], stop.Token, policy, TimeSpan.Zero);
        await looking.Task.WaitAsync(Patience);

        await stop.CancelAsync();
        await run.WaitAsync(Patience);

        Assert.Equal((18, 2), (_abandoned, _outcomes.Count));
    }

    private static string Line(int port) => $"listen tcp 127.0.0.1:{port}: bind: address already in use";

    private Task RunAsync(IReadOnlyList<ILogSource> sources, CancellationToken stop, IPolicy? policy = null, TimeSpan? drain = null) =>
        New(sources, policy ?? new LogPolicy(TimeProvider.System), drain ?? TimeSpan.FromSeconds(10), _outcomes.Enqueue).RunAsync(stop);

    private CollisionPipeline New(IReadOnlyList<ILogSource> sources, IPolicy policy, TimeSpan drain, Action<Outcome> onOutcome)
    {
        ILogger silent = new LoggerConfiguration().CreateLogger();
        var settings = new Settings { Rules = [Rule.Last] };
        return new CollisionPipeline(new PipelineParts
        {
            Sources = sources,
            Supervisor = new SourceSupervisor(silent, TimeProvider.System),
            Detector = new Detector(),
            Debouncer = new Debouncer(settings.DebounceWindow, TaskPoolScheduler.Default),
            Enricher = new Enricher(new HolderLookup(_sockets, _processes, (_, _) => null, (_, _) => null), _processes, new PortInference(_sockets, _processes)),
            Settings = () => settings,
            Policies = new PolicyDispatcher([policy], TimeProvider.System, silent),
            Processes = _processes,
            Striker = Substitute.For<IStriker>(),
            Time = TimeProvider.System,
            OnOutcome = onOutcome,
            OnClosed = _closed.Enqueue,
            OnAbandoned = count => _abandoned = count,
            DrainLimit = drain,
        });
    }
}
