using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Tests.Policies;
using PortiaWatch.Pipeline.Tests.Rules;

namespace PortiaWatch.Pipeline.Tests;

public sealed class EscalationTests
{
    private readonly Escalation _steps = new();

    [Theory]
    [InlineData(RuleAction.Notify, RuleAction.Notify, false)]
    [InlineData(RuleAction.Exec, RuleAction.Exec, false)]
    [InlineData(RuleAction.Kill, RuleAction.Kill, false)]
    [InlineData(RuleAction.Kill, RuleAction.Exec, false)]
    [InlineData(RuleAction.Exec, RuleAction.Ask, false)]
    [InlineData(RuleAction.Notify, RuleAction.Log, false)]
    [InlineData(RuleAction.Log, RuleAction.Log, true)]
    [InlineData(RuleAction.Log, RuleAction.Notify, true)]
    [InlineData(RuleAction.Notify, RuleAction.Ask, true)]
    [InlineData(RuleAction.Ask, RuleAction.Exec, true)]
    [InlineData(RuleAction.Exec, RuleAction.Kill, true)]
    public void Escalation_DecidedAgain_IsTakenWhenStronger(RuleAction before, RuleAction now, bool expected)
    {
        Assert.True(_steps.Take(Of("a", before)));

        Assert.Equal(expected, _steps.Take(Of("a", now)));
        Assert.True(_steps.Take(Of("b", before)));
    }

    [Fact]
    public void Escalation_WeakerInBetween_ForgetsNothing()
    {
        _steps.Take(Of("a", RuleAction.Kill));
        _steps.Take(Of("a", RuleAction.Notify));

        Assert.False(_steps.Take(Of("a", RuleAction.Kill)));
    }

    [Theory]
    [InlineData(RuleAction.Notify, true)]
    [InlineData(RuleAction.Log, false)]
    public void Escalation_MovedOn_IsToldWhereARuleSaysSo(RuleAction action, bool expected)
    {
        _steps.Take(Of("a", RuleAction.Kill));

        Assert.Equal(expected, _steps.Take(Of("a", action, CollisionPhase.Graded)));
    }

    private static Verdict Of(string id, RuleAction action, CollisionPhase phase = CollisionPhase.Opened)
    {
        Incident incident = Incidents.Confirmed();
        return Verdicts.Of(action, incident with { Collision = incident.Collision with { Id = id, Phase = phase } });
    }
}
