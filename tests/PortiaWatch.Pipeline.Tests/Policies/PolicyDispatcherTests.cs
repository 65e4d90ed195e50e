using NSubstitute;
using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Policies;
using PortiaWatch.Pipeline.Striking;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Pipeline.Tests.Policies;

public sealed class PolicyDispatcherTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly CollectingLog _log = new();

    [Fact]
    public async Task Apply_Action_GoesToItsPolicyOnly()
    {
        Outcome outcome = await Dispatcher(Throwing(RuleAction.Kill), new LogPolicy(_time)).ApplyAsync(Verdicts.Of(RuleAction.Log), CancellationToken.None);
        Assert.Equal((OutcomeKind.Logged, Some.Noon), (outcome.Kind, outcome.At));
    }

    [Fact]
    public async Task Apply_PolicyThrows_BecomesAnOutcomeAndALogEntry()
    {
        Outcome outcome = await Dispatcher(Throwing(RuleAction.Kill)).ApplyAsync(Verdicts.Of(RuleAction.Kill), CancellationToken.None);
        Assert.Equal((OutcomeKind.Failed, "This failed by a defect in PortiaWatch: boom"), (outcome.Kind, outcome.Sentence));
        Assert.Contains("Error: Kill failed for incident i1", _log.Lines);
    }

    [Fact]
    public async Task Apply_NoPolicyForTheAction_FailsPlainly() =>
        Assert.Equal("Nothing is set up to ask.", (await Dispatcher().ApplyAsync(Verdicts.Of(RuleAction.Ask), CancellationToken.None)).Sentence);

    [Fact]
    public async Task Apply_Stopped_IsAnOutcomeToo()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        var kill = new KillPolicy((_, c) => Task.FromCanceled<StrikeResult>(c), _time);
        Outcome outcome = await Dispatcher(kill).ApplyAsync(Verdicts.Of(RuleAction.Kill), stop.Token);
        Assert.Equal("PortiaWatch was stopped before this was done.", outcome.Sentence);
        Assert.Empty(_log.Lines);
    }

    [Theory]
    [InlineData(OutcomeKind.Freed)]
    [InlineData(OutcomeKind.Refused)]
    [InlineData(OutcomeKind.TakenAgain)]
    [InlineData(OutcomeKind.DryRun)]
    public async Task Apply_Kill_PassesTheStrikesOwnWordsOn(OutcomeKind kind)
    {
        var kill = new KillPolicy((_, _) => Task.FromResult(new StrikeResult(kind, "s", "n", TimeSpan.FromSeconds(1), [])), _time);
        Outcome outcome = await Dispatcher(kill).ApplyAsync(Verdicts.Of(RuleAction.Kill), CancellationToken.None);
        Assert.Equal((kind, "s", "n", TimeSpan.FromSeconds(1)), (outcome.Kind, outcome.Sentence, outcome.NextStep, outcome.Took));
    }

    [Fact]
    public void StrikeOrders_Rule_OverridesGraceAndForceAndNamesTheHoldersOnly()
    {
        Settings settings = Settings.Default with
        {
            Strike = new StrikeSettings { BudgetStrikes = 7 },
            Protect = new ProtectSettings { Process = ["postgres"] },
        };
        Verdict verdict = Verdicts.Of(RuleAction.Kill);
        StrikeOrder plain = StrikeOrders.For(verdict, settings, isDryRun: true);
        Assert.Equal((true, false, null), (plain.IsDryRun, plain.IsByHand, plain.ContenderPid));
        Assert.Equal((TimeSpan.FromSeconds(5), false, 7), (plain.Settings.Grace, plain.Settings.Force, plain.Settings.BudgetStrikes));
        Assert.Same(verdict.Incident.Holders, plain.Targets);
        Assert.Same(settings.Protect, plain.Protect);

        Verdict own = verdict with { Rule = verdict.Rule with { Grace = TimeSpan.FromSeconds(1), Force = true } };
        StrikeOrder order = StrikeOrders.For(own, settings, isDryRun: false, contenderPid: 9);
        Assert.Equal((TimeSpan.FromSeconds(1), true, false, 9), (order.Settings.Grace, order.Settings.Force, order.IsDryRun, order.ContenderPid));
    }

    private PolicyDispatcher Dispatcher(params IPolicy[] policies) => new(policies, _time, _log.Logger);

    private static IPolicy Throwing(RuleAction action)
    {
        IPolicy policy = Substitute.For<IPolicy>();
        policy.Action.Returns(action);
        policy.ApplyAsync(default!, default).ReturnsForAnyArgs<Outcome>(_ => throw new InvalidOperationException("boom"));
        return policy;
    }
}
