using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Policies;
using PortiaWatch.Pipeline.Tests.Rules;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Pipeline.Tests.Policies;

public sealed class NotifyPolicyTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task Apply_Incident_TellsBothSidesAndTheNextStep()
    {
        var notifier = new ScriptedNotifier();
        Outcome outcome = await Apply(notifier, Verdicts.Of(RuleAction.Notify));

        Assert.Equal(OutcomeKind.Notified, outcome.Kind);
        Assert.Equal("portia free 3000", outcome.NextStep);
        Assert.Equal(
            [("Port 3000 is taken", "node (pid 9001) was refused. node (pid 77, /home/dev/shop, up 3 h) holds it.\nportia free 3000")],
            notifier.Told);
    }

    [Fact]
    public async Task Apply_ReducedVerdict_SaysWhyTheRuleDidNotAct()
    {
        var notifier = new ScriptedNotifier();
        Verdict verdict = Verdicts.Of(RuleAction.Notify) with { Rule = new Rule { Action = RuleAction.Kill }, Reason = "The port is not known." };
        await Apply(notifier, verdict);
        Assert.Contains("Not acted on: The port is not known.", notifier.Told[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_AdviceOnTheHolder_IsTheNextStep()
    {
        Incident incident = Incidents.Confirmed();
        incident = incident with { Holders = [incident.Holders[0] with { Advice = "Stop it with: brew services stop redis" }] };
        Outcome outcome = await Apply(new ScriptedNotifier(), Verdicts.Of(RuleAction.Notify, incident));
        Assert.Equal("Stop it with: brew services stop redis", outcome.NextStep);
    }

    [Fact]
    public async Task Apply_HostileNames_ArriveClean()
    {
        var notifier = new ScriptedNotifier();
        Incident incident = Incidents.Confirmed(holder: Some.Process(name: "no\u001b[2Jde\n\u202e", folder: "/tmp/\u0007<b>x</b>\n"));
        await Apply(notifier, Verdicts.Of(RuleAction.Notify, incident));
        Assert.DoesNotContain(notifier.Told[0].Text.Replace("\n", "", StringComparison.Ordinal), c => char.IsControl(c) || c == '\u202e');
        Assert.Equal(2, notifier.Told[0].Text.Split('\n').Length);
    }

    [Fact]
    public async Task Apply_FirstTryFails_IsTriedOnceMore()
    {
        var notifier = new ScriptedNotifier { OnTell = (n, _) => n == 1 ? throw new NotifierException("busy") : Task.CompletedTask };
        Task<Outcome> apply = Apply(notifier, Verdicts.Of(RuleAction.Notify));
        await _time.AdvanceToNextTimerAsync();
        Assert.Equal(OutcomeKind.Notified, (await apply).Kind);
        Assert.Equal(2, notifier.Tries);
    }

    [Fact]
    public async Task Apply_BothTriesFail_SaysWhatTheNotifierSaid()
    {
        var notifier = new ScriptedNotifier { OnTell = (_, _) => throw new NotifierException("notify-send is not installed.") };
        Task<Outcome> apply = Apply(notifier, Verdicts.Of(RuleAction.Notify));
        await _time.AdvanceToNextTimerAsync();
        Outcome outcome = await apply;
        Assert.Equal((OutcomeKind.Failed, "You could not be told: notify-send is not installed."), (outcome.Kind, outcome.Sentence));
        Assert.Equal(2, notifier.Tries);
    }

    [Fact]
    public async Task Apply_NotifierHangs_EndsByItsTimeLimits()
    {
        var notifier = new ScriptedNotifier { OnTell = (_, c) => Task.Delay(Timeout.Infinite, c) };
        Task<Outcome> apply = Apply(notifier, Verdicts.Of(RuleAction.Notify));
        while (!apply.IsCompleted && notifier.Tries <= 2)
        {
            if (await Task.WhenAny(apply, _time.NextTimerAsync()) != apply)
                _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal("You could not be told: The notification service did not answer.", (await apply).Sentence);
        Assert.Equal(2, notifier.Tries);
    }

    [Fact]
    public async Task Apply_Storm_ShowsFiveThenOneEveryTenSeconds()
    {
        var notifier = new ScriptedNotifier();
        var policy = new NotifyPolicy(notifier, _time, isDryRun: false);
        var kinds = new List<OutcomeKind>();
        for (int i = 0; i < 50; i++)
            kinds.Add((await policy.ApplyAsync(Verdicts.Of(RuleAction.Notify), CancellationToken.None)).Kind);
        Assert.Equal((5, 45), (kinds.Count(k => k == OutcomeKind.Notified), kinds.Count(k => k == OutcomeKind.Logged)));

        _time.Advance(TimeSpan.FromSeconds(10));
        await policy.ApplyAsync(Verdicts.Of(RuleAction.Notify), CancellationToken.None);
        await policy.ApplyAsync(Verdicts.Of(RuleAction.Notify), CancellationToken.None);
        Assert.Equal(6, notifier.Told.Count);
        Assert.EndsWith("(45 earlier messages were not shown.)", notifier.Told[5].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_NobodyWouldSeeIt_FailsWithoutTrying()
    {
        var notifier = new ScriptedNotifier { IsAvailable = false };
        Assert.Equal(OutcomeKind.Failed, (await Apply(notifier, Verdicts.Of(RuleAction.Notify))).Kind);
        Assert.Equal(0, notifier.Tries);
    }

    [Fact]
    public async Task Apply_DryRun_TellsNobody()
    {
        var notifier = new ScriptedNotifier();
        Outcome outcome = await new NotifyPolicy(notifier, _time, isDryRun: true).ApplyAsync(Verdicts.Of(RuleAction.Notify), CancellationToken.None);
        Assert.Equal((OutcomeKind.DryRun, 0), (outcome.Kind, notifier.Tries));
    }

    private Task<Outcome> Apply(INotifier notifier, Verdict verdict) =>
        new NotifyPolicy(notifier, _time, isDryRun: false).ApplyAsync(verdict, CancellationToken.None);
}
