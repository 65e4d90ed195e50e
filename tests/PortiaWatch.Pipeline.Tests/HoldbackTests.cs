using NSubstitute;
using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Tests.Policies;
using PortiaWatch.Pipeline.Tests.Rules;
using PortiaWatch.Pipeline.Tests.Striking;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Pipeline.Tests;

public sealed class HoldbackTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ManualTimeProvider _time = new();
    private readonly FakeMachine _machine = new();
    private readonly IStriker _striker = Substitute.For<IStriker>();
    private readonly TaskCompletionSource<bool> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private readonly Holdback _holdback;
    private Settings _settings = Settings.Default;

    public HoldbackTests()
    {
        _holdback = new Holdback(_machine, _striker, _time, () => _settings);
        _striker.Open(default!).ReturnsForAnyArgs(call => _machine.Open(call.Arg<ProcessIdentity>()));
        _striker.WaitForExitAsync(default!, default, default).ReturnsForAnyArgs(call => _exit.Task.WaitAsync(call.Arg<CancellationToken>()));
    }

    public void Dispose() => _stop.Dispose();

    [Theory]
    [InlineData(RuleAction.Log, Trust.Kernel)]
    [InlineData(RuleAction.Notify, Trust.Kernel)]
    [InlineData(RuleAction.Kill, Trust.System)]
    [InlineData(RuleAction.Kill, Trust.Child)]
    public void Holdback_HarmlessOrNotTheKernels_IsNotHeld(RuleAction action, Trust trust)
    {
        _machine.Add(Some.Process(9001));

        Assert.True(_holdback.AwaitAsync(Of(action, trust), _stop.Token).IsCompletedSuccessfully);
    }

    [Fact]
    public void Holdback_RefusedProcessIsGone_IsNotHeld() =>
        Assert.True(_holdback.AwaitAsync(Of(RuleAction.Kill), _stop.Token).IsCompletedSuccessfully);

    [Theory]
    [InlineData(RuleAction.Kill)]
    [InlineData(RuleAction.Ask)]
    [InlineData(RuleAction.Exec)]
    public async Task Holdback_RefusedProcessEnds_ActsThen(RuleAction action)
    {
        _machine.Add(Some.Process(9001));
        Task<Outcome?> held = _holdback.AwaitAsync(Of(action), _stop.Token);
        Assert.False(held.IsCompleted);

        _exit.SetResult(true);

        Assert.Null(await held.WaitAsync(Patience));
    }

    [Fact]
    public async Task Holdback_RefusedProcessLivesOn_ActsAfterTheTime()
    {
        _machine.Add(Some.Process(9001));
        Task<Outcome?> held = _holdback.AwaitAsync(Of(RuleAction.Kill), _stop.Token);

        _time.Advance(Holdback.Longest - TimeSpan.FromMilliseconds(1));
        Assert.False(held.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Null(await held.WaitAsync(Patience));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Holdback_ServesElsewhereMeanwhile_DoesNothing(bool isKnown)
    {
        _machine.Add(Some.Process(9001));
        Task<Outcome?> held = _holdback.AwaitAsync(Of(RuleAction.Kill, isKnown: isKnown), _stop.Token);
        Assert.False(held.IsCompleted);

        _holdback.MovedOn("c1");
        _time.Advance(Holdback.Longest);

        Outcome? outcome = await held.WaitAsync(Patience);
        Assert.Equal(OutcomeKind.Logged, outcome?.Kind);
        Assert.Contains("moved on to another port by itself", outcome?.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Holdback_AnotherFailureWasGotOver_Acts()
    {
        _holdback.MovedOn("c2");
        Task<Outcome?> held = _holdback.AwaitAsync(Of(RuleAction.Kill, isKnown: false), _stop.Token);
        _time.Advance(Holdback.Longest);

        Assert.Null(await held.WaitAsync(Patience));
    }

    [Fact]
    public async Task Holdback_Stopped_IsAccountedForAndNotDone()
    {
        _machine.Add(Some.Process(9001));
        Task<Outcome?> held = _holdback.AwaitAsync(Of(RuleAction.Kill), _stop.Token);

        await _stop.CancelAsync();

        Assert.Equal(OutcomeKind.Failed, (await held.WaitAsync(Patience))?.Kind);
    }

    [Fact]
    public async Task Holdback_RulesTellKindsApart_AMessageWaitsUntilTheKernelCanTell()
    {
        _settings = Settings.Default with { Rules = [new Rule { Kinds = [SightingKind.Soft], Action = RuleAction.Log }] };
        _machine.Add(Some.Process(9001));
        Task<Outcome?> held = _holdback.AwaitAsync(Of(RuleAction.Notify), _stop.Token);

        _time.Advance(Holdback.LongestForKinds - TimeSpan.FromMilliseconds(1));
        Assert.False(held.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Null(await held.WaitAsync(Patience));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void MovedOn_NothingBegun_AsksTheRulesAgainOnlyWhereOneCares(bool cares, bool expected)
    {
        if (cares)
            _settings = Settings.Default with { Rules = [new Rule { Kinds = [SightingKind.Soft], Action = RuleAction.Notify }] };

        Assert.Equal(expected, _holdback.MovedOn("c1"));
    }

    [Fact]
    public async Task MovedOn_AfterSomethingWasDone_AsksNobodyAgain()
    {
        _settings = Settings.Default with { Rules = [new Rule { Kinds = [SightingKind.Soft], Action = RuleAction.Notify }] };
        Assert.Null(await _holdback.AwaitAsync(Of(RuleAction.Kill, Trust.System), _stop.Token));

        Assert.False(_holdback.MovedOn("c1"));
    }

    // As the kernel's events have it: no program image.
    private static Verdict Of(RuleAction action, Trust trust = Trust.Kernel, bool isKnown = true)
    {
        ProcessFacts facts = Some.Process(9001);
        Sender contender = Some.Sender(9001) with { Facts = isKnown ? facts with { Identity = facts.Identity with { Image = null } } : null };
        Incident incident = Incidents.Confirmed().WithEvidence(e => e with { Record = Some.Record(trust: trust, source: "kernel", sender: contender) });
        return Verdicts.Of(action, incident with { Contender = contender });
    }
}
