using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Policies;
using PortiaWatch.Pipeline.Striking;
using PortiaWatch.Pipeline.Tests.Rules;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Pipeline.Tests.Policies;

public sealed class AskPolicyTests
{
    private readonly ManualTimeProvider _time = new();
    private int _strikes;

    [Fact]
    public async Task Apply_Strike_StrikesOnceAndTellsHowItWent()
    {
        var notifier = new ScriptedNotifier { OnAsk = (_, _) => Task.FromResult(Answer.Strike) };
        Outcome outcome = await Ask(notifier).ApplyAsync(Verdicts.Of(RuleAction.Ask), CancellationToken.None);
        Assert.Equal((OutcomeKind.Freed, "Freed.", 1), (outcome.Kind, outcome.Sentence, _strikes));
        Assert.Equal("Port 3000 is taken. Strike?", notifier.Told[0].Title);
    }

    [Theory]
    [InlineData(Answer.Leave, "You left node (pid 77) alone.")]
    [InlineData(Answer.NoAnswer, "Nobody answered in time.")]
    public async Task Apply_AnythingButStrike_LeavesTheHolder(Answer answer, string sentence)
    {
        Outcome outcome = await Ask(new ScriptedNotifier { OnAsk = (_, _) => Task.FromResult(answer) }).ApplyAsync(Verdicts.Of(RuleAction.Ask), CancellationToken.None);
        Assert.Equal((OutcomeKind.Left, sentence, 0), (outcome.Kind, outcome.Sentence, _strikes));
        Assert.Equal("portia free 3000", outcome.NextStep);
    }

    [Fact]
    public async Task Apply_NotifierForgetsItsLimit_CountsAsNoAnswer()
    {
        Task<Outcome> apply = Ask(new ScriptedNotifier { OnAsk = Hang }).ApplyAsync(Verdicts.Of(RuleAction.Ask), CancellationToken.None);
        Assert.Equal(TimeSpan.FromSeconds(65), await _time.AdvanceToNextTimerAsync());
        Assert.Equal((OutcomeKind.Left, 0), ((await apply).Kind, _strikes));
    }

    [Fact]
    public async Task Apply_Stopped_DoesNotStrike()
    {
        using var stop = new CancellationTokenSource();
        Task<Outcome> apply = Ask(new ScriptedNotifier { OnAsk = Hang }).ApplyAsync(Verdicts.Of(RuleAction.Ask), stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => apply);
        Assert.Equal(0, _strikes);
    }

    [Fact]
    public async Task Apply_NotifierFails_SaysSoAndLeaves()
    {
        var notifier = new ScriptedNotifier { OnAsk = (_, _) => throw new NotifierException("No session bus.") };
        Outcome outcome = await Ask(notifier).ApplyAsync(Verdicts.Of(RuleAction.Ask), CancellationToken.None);
        Assert.Equal((OutcomeKind.Failed, "You could not be asked: No session bus.", 0), (outcome.Kind, outcome.Sentence, _strikes));
    }

    [Fact]
    public async Task Apply_NobodyToAsk_LeavesAtOnce()
    {
        var notifier = new ScriptedNotifier { IsAvailable = false };
        Assert.Equal(OutcomeKind.Left, (await Ask(notifier).ApplyAsync(Verdicts.Of(RuleAction.Ask), CancellationToken.None)).Kind);
        Assert.Equal(0, notifier.Asked);
    }

    [Fact]
    public async Task Apply_SamePortWhileAsked_IsNotAskedTwice()
    {
        var answer = new TaskCompletionSource<Answer>();
        var notifier = new ScriptedNotifier { OnAsk = (n, _) => n == 1 ? answer.Task : Task.FromResult(Answer.NoAnswer) };
        AskPolicy policy = Ask(notifier);
        Task<Outcome> first = policy.ApplyAsync(Verdicts.Of(RuleAction.Ask), CancellationToken.None);

        Incident again = Incidents.Confirmed() with { Endpoint = Some.Tcp(3000, "127.0.0.1") };
        Outcome second = await policy.ApplyAsync(Verdicts.Of(RuleAction.Ask, again), CancellationToken.None);
        Outcome other = await policy.ApplyAsync(Verdicts.Of(RuleAction.Ask, Incidents.Confirmed(3001)), CancellationToken.None);

        Assert.Equal("You are being asked about this port already.", second.Sentence);
        Assert.Equal("Nobody answered in time.", other.Sentence);
        answer.SetResult(Answer.Strike);
        Assert.Equal(OutcomeKind.Freed, (await first).Kind);
        Assert.Equal((2, 1), (notifier.Asked, _strikes));
    }

    [Fact]
    public async Task Apply_ManyPorts_OpensAtMostThreeQuestions()
    {
        var answer = new TaskCompletionSource<Answer>();
        var notifier = new ScriptedNotifier { OnAsk = (_, _) => answer.Task };
        AskPolicy policy = Ask(notifier);
        Task<Outcome>[] all = [.. Enumerable.Range(4000, 100).Select(port => policy.ApplyAsync(Verdicts.Of(RuleAction.Ask, Incidents.Confirmed(port)), CancellationToken.None))];
        Assert.Equal(97, all.Count(t => t.IsCompleted));
        answer.SetResult(Answer.Leave);
        Assert.All(await Task.WhenAll(all), o => Assert.Equal(OutcomeKind.Left, o.Kind));
        Assert.Equal(3, notifier.Asked);
    }

    [Fact]
    public async Task Apply_LeftAlone_IsAskedAgainAfterTenMinutesOrAboutAnotherHolder()
    {
        var notifier = new ScriptedNotifier { OnAsk = (_, _) => Task.FromResult(Answer.Leave) };
        AskPolicy policy = Ask(notifier);
        Verdict same = Verdicts.Of(RuleAction.Ask);
        await policy.ApplyAsync(same, CancellationToken.None);
        Assert.Contains("not asked again", (await policy.ApplyAsync(same, CancellationToken.None)).Sentence, StringComparison.Ordinal);
        Assert.Equal(1, notifier.Asked);

        await policy.ApplyAsync(Verdicts.Of(RuleAction.Ask, Incidents.Confirmed(holder: Some.Process(78))), CancellationToken.None);
        Assert.Equal(2, notifier.Asked);

        _time.Advance(TimeSpan.FromMinutes(10));
        await policy.ApplyAsync(same, CancellationToken.None);
        Assert.Equal(3, notifier.Asked);
    }

    [Fact]
    public async Task Apply_LeftElsewhere_EndsTheQuestionAndIsNotAskedAgain()
    {
        var questions = new QuestionBook(_time);
        var notifier = new ScriptedNotifier { OnAsk = Hang };
        var policy = new AskPolicy(notifier, StrikeAsync, TimeSpan.FromSeconds(60), _time, isDryRun: false, questions);
        Verdict verdict = Verdicts.Of(RuleAction.Ask);
        Task<Outcome> asked = policy.ApplyAsync(verdict, CancellationToken.None);

        Assert.False(questions.Leave(verdict.Incident.Endpoint, Incidents.Confirmed(holder: Some.Process(78)).Holders));
        Assert.False(questions.Leave(Some.Tcp(3001), verdict.Incident.Holders));
        Assert.False(asked.IsCompleted);
        Assert.True(questions.Leave(verdict.Incident.Endpoint, verdict.Incident.Holders));

        Outcome outcome = await asked;
        Assert.Equal((OutcomeKind.Left, "You left node (pid 77) alone.", 0), (outcome.Kind, outcome.Sentence, _strikes));
        Assert.Contains("not asked again", (await policy.ApplyAsync(verdict, CancellationToken.None)).Sentence, StringComparison.Ordinal);
        Assert.Equal(1, notifier.Asked);
    }

    [Fact]
    public async Task Apply_LeftElsewhereWhileItIsStruck_IsTooLate()
    {
        var questions = new QuestionBook(_time);
        var struck = new TaskCompletionSource<StrikeResult>();
        var policy = new AskPolicy(new ScriptedNotifier { OnAsk = (_, _) => Task.FromResult(Answer.Strike) }, (_, _) => struck.Task, TimeSpan.FromSeconds(60), _time, isDryRun: false, questions);
        Verdict verdict = Verdicts.Of(RuleAction.Ask);
        Task<Outcome> asked = policy.ApplyAsync(verdict, CancellationToken.None);

        Assert.False(questions.Leave(verdict.Incident.Endpoint, verdict.Incident.Holders));

        struck.SetResult(new StrikeResult(OutcomeKind.Freed, "Port 3000 is free.", null, null, []));
        Assert.Equal(OutcomeKind.Freed, (await asked).Kind);
    }

    [Fact]
    public async Task Apply_LeftElsewhereJustBeforeStrikeIsAnswered_IsLeft()
    {
        var questions = new QuestionBook(_time);
        Verdict verdict = Verdicts.Of(RuleAction.Ask);
        var notifier = new ScriptedNotifier
        {
            OnAsk = (_, _) =>
            {
                Assert.True(questions.Leave(verdict.Incident.Endpoint, verdict.Incident.Holders));
                return Task.FromResult(Answer.Strike);
            },
        };

        Outcome outcome = await new AskPolicy(notifier, StrikeAsync, TimeSpan.FromSeconds(60), _time, isDryRun: false, questions).ApplyAsync(verdict, CancellationToken.None);

        Assert.Equal((OutcomeKind.Left, 0), (outcome.Kind, _strikes));
    }

    [Fact]
    public async Task Apply_LeftBeforeItIsAsked_IsNotAsked()
    {
        var questions = new QuestionBook(_time);
        var notifier = new ScriptedNotifier { OnAsk = Hang };
        var policy = new AskPolicy(notifier, StrikeAsync, TimeSpan.FromSeconds(60), _time, isDryRun: false, questions);
        Verdict verdict = Verdicts.Of(RuleAction.Ask);

        Assert.False(questions.Leave(verdict.Incident.Endpoint, verdict.Incident.Holders));

        Assert.Equal(OutcomeKind.Left, (await policy.ApplyAsync(verdict, CancellationToken.None)).Kind);
        Assert.Equal(0, notifier.Asked);
    }

    [Fact]
    public async Task Apply_DryRun_AsksNobody()
    {
        var notifier = new ScriptedNotifier { OnAsk = (_, _) => Task.FromResult(Answer.Strike) };
        Outcome outcome = await Ask(notifier, isDryRun: true).ApplyAsync(Verdicts.Of(RuleAction.Ask), CancellationToken.None);
        Assert.Equal((OutcomeKind.DryRun, "Would have asked: strike node (pid 77)?", 0, 0), (outcome.Kind, outcome.Sentence, notifier.Asked, _strikes));
    }

    private AskPolicy Ask(INotifier notifier, bool isDryRun = false) => new(notifier, StrikeAsync, TimeSpan.FromSeconds(60), _time, isDryRun);

    private Task<StrikeResult> StrikeAsync(Verdict verdict, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _strikes);
        return Task.FromResult(new StrikeResult(OutcomeKind.Freed, "Freed.", null, TimeSpan.FromMilliseconds(40), []));
    }

    private static async Task<Answer> Hang(int number, CancellationToken cancellation)
    {
        await Task.Delay(Timeout.Infinite, cancellation);
        return Answer.Strike;
    }
}
