using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Rules;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Pipeline.Tests.Rules;

public sealed class RuleEngineTests
{
    private static readonly Rule Kill = new() { Name = "k", Action = RuleAction.Kill };

    [Fact]
    public void Decide_FirstMatch_WinsAndTheOthersSayWhyNot()
    {
        Verdict verdict = Decide(
            Incidents.Confirmed(),
            Kill with { Name = "other ports", Ports = [new PortRange(8000, 8999)] },
            Kill with { Name = "python", Holder = new HolderCondition { Process = ["python*"] } },
            Kill with { Name = "mine", Ports = [new PortRange(3000, 3999)], Holder = new HolderCondition { Process = ["node"] } },
            Kill with { Name = "never seen" });

        Assert.Equal(RuleAction.Kill, verdict.Action);
        Assert.Equal("mine", verdict.Rule.Name);
        Assert.False(verdict.IsReduced);
        Assert.Equal("\"mine\" is the first rule that matches.", verdict.Reason);
        Assert.Equal(["\"other ports\": port 3000 is not in 8000-8999", "\"python\": node (pid 77) is none of python*"], verdict.Weighed);
    }

    [Fact]
    public void Decide_NoRuleMatches_TheLastOneLogs()
    {
        Verdict verdict = Decide(Incidents.Confirmed(), Kill with { Ports = [new PortRange(1, 2)] });
        Assert.Equal((RuleAction.Log, "everything else"), (verdict.Action, verdict.Rule.Name));
    }

    [Theory]
    [InlineData(SightingKind.Collision, "blocked")]
    [InlineData(SightingKind.Resolved, "moved on")]
    [InlineData(SightingKind.Soft, "moved on")]
    public void Decide_RuleNamesAKind_OnlyThatKindMatches(SightingKind kind, string rule)
    {
        Incident incident = Incidents.Confirmed();
        Collision collision = incident.Collision with { Evidence = incident.Collision.Evidence with { Kind = kind } };

        Verdict verdict = Decide(
            incident with { Collision = collision },
            new Rule { Name = "moved on", Kinds = [SightingKind.Resolved, SightingKind.Soft], Action = RuleAction.Notify },
            new Rule { Name = "blocked", Kinds = [SightingKind.Collision], Action = RuleAction.Notify });

        Assert.Equal(rule, verdict.Rule.Name);
        Assert.All(verdict.Weighed, line => Assert.Equal("\"moved on\": it wants \"resolved\" or \"soft\", and this is \"collision\"", line));
    }

    public static TheoryData<string, HolderCondition, bool> Conditions => new()
    {
        { "confirmed", new HolderCondition(), true },
        { "confirmed", new HolderCondition { Process = ["ruby", "no?e"] }, true },
        { "confirmed", new HolderCondition { Process = ["Node"] }, false },
        { "confirmed", new HolderCondition { SameProject = true }, true },
        { "confirmed", new HolderCondition { SameProject = false }, false },
        { "other project", new HolderCondition { SameProject = true }, false },
        { "other project", new HolderCondition { SameProject = false }, true },
        { "contender unknown", new HolderCondition { SameProject = true }, false },
        { "contender unknown", new HolderCondition { SameProject = false }, false },
        { "two projects", new HolderCondition { SameProject = true }, false },
        { "confirmed", new HolderCondition { OlderThan = TimeSpan.FromHours(2) }, true },
        { "confirmed", new HolderCondition { OlderThan = TimeSpan.FromHours(3) }, false },
        { "age unknown", new HolderCondition { OlderThan = TimeSpan.Zero }, false },
        { "confirmed", new HolderCondition { Orphan = true }, false },
        { "confirmed", new HolderCondition { Orphan = false }, true },
        { "orphan", new HolderCondition { Orphan = true }, true },
        { "orphan", new HolderCondition { Orphan = false }, false },
        { "confirmed", new HolderCondition { Known = false }, true },
        { "confirmed", new HolderCondition { Known = true }, false },
        { "known", new HolderCondition { Known = true }, true },
        { "known", new HolderCondition { Known = false }, false },
        { "unnamed", new HolderCondition { Process = ["*"] }, false },
        { "unnamed", new HolderCondition { Orphan = false }, false },
        { "unnamed", new HolderCondition { SameProject = true }, false },
        { "nobody", new HolderCondition { Known = false }, false },
        { "nobody", new HolderCondition(), true },
        { "node and nginx", new HolderCondition { Process = ["node"] }, false },
        { "node and nginx", new HolderCondition { Process = ["n*"] }, true },
        { "node and unnamed", new HolderCondition { Process = ["node"] }, false },
    };

    [Theory]
    [MemberData(nameof(Conditions))]
    public void Decide_HolderCondition_MatchesOnlyWhatIsKnownOfEveryHolder(string situation, HolderCondition condition, bool matches)
    {
        Verdict verdict = Decide(Situation(situation), new Rule { Name = "r", Action = RuleAction.Notify, Holder = condition });

        Assert.Equal(matches ? "r" : "everything else", verdict.Rule.Name);
        Assert.Equal(matches ? 0 : 1, verdict.Weighed.Count);
    }

    [Theory]
    [InlineData(null, null, "the port is not known")]
    [InlineData(null, "/run/x.sock", "this is a unix socket")]
    [InlineData(2999, null, "port 2999 is not in 3000-3999, 5173")]
    [InlineData(4000, null, "port 4000 is not in 3000-3999, 5173")]
    [InlineData(3000, null, null)]
    [InlineData(3999, null, null)]
    [InlineData(5173, null, null)]
    public void Decide_Ports_WantAKnownPortInside(int? port, string? path, string? why)
    {
        Incident incident = Incidents.Confirmed() with { Endpoint = new Endpoint { Transport = Transport.Tcp, Port = port, Path = path } };
        Verdict verdict = Decide(incident, new Rule { Action = RuleAction.Notify, Ports = [new PortRange(3000, 3999), new PortRange(5173, 5173)] });
        Assert.Equal(why is null, verdict.Weighed.Count == 0);
        if (why is not null)
            Assert.EndsWith(why, verdict.Weighed[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_HostileNames_StayOutOfTheSentences()
    {
        Incident incident = Incidents.Confirmed(holder: Some.Process(name: "a\u001b[31m\nb\u202e"));
        Verdict verdict = Decide(incident, Kill with { Holder = new HolderCondition { Process = ["x"] } });
        Assert.DoesNotContain(verdict.Weighed[0], c => char.IsControl(c) || c == '\u202e');
    }

    private static Incident Situation(string name)
    {
        Incident sound = Incidents.Confirmed();
        ProcessFacts node = Some.Process();
        return name switch
        {
            "confirmed" => sound,
            "other project" => sound with { IsSameProject = false },
            "contender unknown" => sound with { IsSameProject = false, Contender = null },
            "two projects" => sound with { Holders = [Incidents.Held(node), Incidents.Held(Some.Process(78, folder: "/elsewhere"))] },
            "age unknown" => sound with { Holders = [Incidents.Held(node with { StartedAt = null })] },
            "orphan" => sound with { Holders = [Incidents.Held(node with { IsOrphan = true })] },
            "known" => sound with { Holders = [Incidents.Held(node) with { Known = "redis" }] },
            "unnamed" => sound with { Holders = [Incidents.Held(null)] },
            "nobody" => sound with { Holders = [] },
            "node and nginx" => sound with { Holders = [Incidents.Held(node), Incidents.Held(Some.Process(78, "nginx"))] },
            "node and unnamed" => sound with { Holders = [Incidents.Held(node), Incidents.Held(null)] },
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
        };
    }

    private static Verdict Decide(Incident incident, params Rule[] rules) =>
        RuleEngine.Decide(incident, Settings.Default with { Rules = [.. rules, Rule.Last] }, Some.Noon);
}
