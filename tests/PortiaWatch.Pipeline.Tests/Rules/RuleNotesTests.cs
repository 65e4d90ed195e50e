using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Rules;

namespace PortiaWatch.Pipeline.Tests.Rules;

public sealed class RuleNotesTests
{
    private static readonly Rule Ask = new() { Name = "a", Action = RuleAction.Ask };

    [Fact]
    public void Of_DefaultAndSensibleRules_HaveNothingToSay()
    {
        Assert.Empty(RuleNotes.Of(Settings.Default));
        Assert.Empty(Notes(
            Ask with { Ports = [new PortRange(3000, 3999)], Holder = new HolderCondition { Orphan = true } },
            Ask with { Ports = [new PortRange(3000, 3999)], Holder = new HolderCondition { Orphan = false } },
            Ask with { Ports = [new PortRange(3000, 4999)], Action = RuleAction.Notify },
            Ask with { Ports = [new PortRange(8080, 8080)], Action = RuleAction.Kill }));
    }

    [Fact]
    public void Of_CoveredRule_IsNamedWithTheOneThatCoversIt()
    {
        var holder = new HolderCondition { Process = ["node"], OlderThan = TimeSpan.FromSeconds(1) };
        Assert.Contains("\"b\" is never reached: \"a\" before it", Assert.Single(Notes(Ask, Ask with { Name = "b", Ports = [new PortRange(1, 2)], Holder = holder })), StringComparison.Ordinal);
        Assert.Single(Notes(
            Ask with { Ports = [new PortRange(1, 9)], Holder = holder },
            Ask with { Name = "b", Ports = [new PortRange(2, 3), new PortRange(9, 9)], Holder = holder with { Process = ["node"] } }));
        Assert.Empty(Notes(
            Ask with { Ports = [new PortRange(1, 9)], Holder = holder },
            Ask with { Name = "b", Ports = [new PortRange(2, 3)], Holder = holder with { Process = ["ruby"] } }));
        Assert.Empty(Notes(Ask with { Ports = [new PortRange(1, 9)] }, Ask with { Name = "b", Ports = [new PortRange(9, 10)] }));
    }

    [Fact]
    public void Of_WideKillTextKillAndKnownKill_AreWorthANote()
    {
        Rule kill = Ask with { Action = RuleAction.Kill, Ports = [new PortRange(3000, 3000)] };
        Assert.Contains("whatever program", Assert.Single(Notes(kill with { Ports = [new PortRange(1024, 65535)] })), StringComparison.Ordinal);
        Assert.Contains("anybody can write", Assert.Single(Notes(kill with { Trust = Trust.Text })), StringComparison.Ordinal);
        Assert.Contains("never signalled", Assert.Single(Notes(kill with { Holder = new HolderCondition { Known = true } })), StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> Notes(params Rule[] rules) => RuleNotes.Of(Settings.Default with { Rules = [.. rules, Rule.Last] });
}
