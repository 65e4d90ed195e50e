using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Rules;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Pipeline.Tests.Rules;

/// <summary>What is done of what a rule asks for, for each thing that can be wrong.</summary>
public sealed class ActionGateTests
{
    private static readonly Supervisor Unit = new("systemd", "shop.service", ["systemctl", "--user", "stop", "shop.service"]);

    /// <summary>Spoilers: each takes a sound incident and breaks one thing; the actions that are then done for notify, ask, kill and exec.</summary>
    private static readonly (string Name, Func<Incident, Incident> Spoil, RuleAction Notify, RuleAction Ask, RuleAction Kill, RuleAction Exec, string Why)[] Spoilers =
    [
        ("stale", i => i.WithEvidence(e => e with { Record = e.Record with { Time = Some.Noon.AddSeconds(-10.001) } }),
            RuleAction.Log, RuleAction.Log, RuleAction.Log, RuleAction.Log, "10 s old when it was read"),
        ("cause unstated, port free", i => i.WithEvidence(e => e with { CauseStated = false }) with { State = PortState.Free },
            RuleAction.Log, RuleAction.Log, RuleAction.Log, RuleAction.Log, "other causes too"),
        ("cause unstated, state unknown", i => i.WithEvidence(e => e with { CauseStated = false }) with { State = PortState.Unknown },
            RuleAction.Log, RuleAction.Log, RuleAction.Log, RuleAction.Log, "other causes too"),
        ("resolved", i => i.WithEvidence(e => e with { Kind = SightingKind.Resolved }),
            RuleAction.Notify, RuleAction.Log, RuleAction.Log, RuleAction.Log, "nobody is blocked"),
        ("soft", i => i.WithEvidence(e => e with { Kind = SightingKind.Soft }),
            RuleAction.Notify, RuleAction.Log, RuleAction.Log, RuleAction.Log, "nobody is blocked"),
        ("free", i => i with { State = PortState.Free, Holders = [] },
            RuleAction.Notify, RuleAction.Log, RuleAction.Log, RuleAction.Log, "port 3000 is free again"),
        ("time wait", i => i with { State = PortState.TimeWait, Holders = [] },
            RuleAction.Notify, RuleAction.Log, RuleAction.Log, RuleAction.Log, "TIME_WAIT"),
        ("reserved", i => i with { State = PortState.Reserved, Holders = [] },
            RuleAction.Notify, RuleAction.Notify, RuleAction.Notify, RuleAction.Notify, "cannot be told who holds"),
        ("unknown", i => i with { State = PortState.Unknown },
            RuleAction.Notify, RuleAction.Notify, RuleAction.Notify, RuleAction.Notify, "cannot be told who holds"),
        ("held by nobody", i => i with { Holders = [] },
            RuleAction.Notify, RuleAction.Notify, RuleAction.Notify, RuleAction.Notify, "cannot be told who holds"),
        ("no port", i => i with { Endpoint = Some.Tcp(null), State = PortState.Unknown },
            RuleAction.Notify, RuleAction.Notify, RuleAction.Notify, RuleAction.Notify, "the port is not known"),
        ("unconfirmed", i => i with { Doubts = ["The holder is younger than the failure.", "X."], IsHolderConfirmed = false },
            RuleAction.Notify, RuleAction.Notify, RuleAction.Notify, RuleAction.Notify, "Not confirmed. The holder is younger than the failure. X."),
        ("contender missing", i => i with { Doubts = ["nobody vouches for who was refused"] },
            RuleAction.Notify, RuleAction.Notify, RuleAction.Notify, RuleAction.Notify, "nobody vouches"),
        ("text", i => i.FromText(),
            RuleAction.Notify, RuleAction.Notify, RuleAction.Notify, RuleAction.Notify, "came from stdin, which anybody can write, and without \"trust\": \"text\""),
        ("text that claims to be confirmed", i => i.WithEvidence(e => e with { Record = e.Record with { Trust = Trust.Text } }),
            RuleAction.Notify, RuleAction.Notify, RuleAction.Notify, RuleAction.Notify, "anybody can write"),
        ("unnamed second holder", i => i with { Holders = [.. i.Holders, Incidents.Held(null) with { User = "ada" }] },
            RuleAction.Notify, RuleAction.Notify, RuleAction.Notify, RuleAction.Notify, "a process of ada that cannot be named"),
        ("protected", i => i with { Holders = [.. i.Holders.Select(h => h with { Protection = "It is our own ancestor." })] },
            RuleAction.Notify, RuleAction.Notify, RuleAction.Notify, RuleAction.Exec, "The holder, node (pid 77), must not be signalled: it is our own ancestor."),
        ("second protected", i => i with { Holders = [.. i.Holders, Incidents.Held(Some.Process(78)) with { Protection = "it is a session process" }] },
            RuleAction.Notify, RuleAction.Notify, RuleAction.Notify, RuleAction.Exec, "session process"),
        ("protected by name", i => i with { Holders = [Incidents.Held(Some.Process(name: "postgres"))] },
            RuleAction.Notify, RuleAction.Notify, RuleAction.Notify, RuleAction.Exec, "postgres (pid 77), is protected by the configuration"),
        ("protected port", i => i with { Endpoint = Some.Tcp(22) },
            RuleAction.Notify, RuleAction.Notify, RuleAction.Notify, RuleAction.Exec, "port 22 is protected"),
        ("squatter", i => i with { Holders = [.. i.Holders.Select(h => h with { Known = "adb", Advice = "Run adb kill-server." })] },
            RuleAction.Notify, RuleAction.Notify, RuleAction.Notify, RuleAction.Exec, "known squatter (adb) and never signalled: Run adb kill-server."),
        ("container", i => i with { Holders = [Incidents.Held(Some.Process() with { Container = "shop-db" })] },
            RuleAction.Notify, RuleAction.Notify, RuleAction.Notify, RuleAction.Exec, "runs in container shop-db"),
        ("supervised", i => i with { Holders = [Incidents.Held(Some.Process() with { Supervisor = Unit })] },
            RuleAction.Notify, RuleAction.Notify, RuleAction.Notify, RuleAction.Exec, "started again by systemd (shop.service)"),
    ];

    public static TheoryData<int, RuleAction> Cases
    {
        get
        {
            var cases = new TheoryData<int, RuleAction>();
            for (int i = 0; i < Spoilers.Length; i++)
            {
                foreach (RuleAction action in Enum.GetValues<RuleAction>())
                    cases.Add(i, action);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Decide_OneThingWrong_DoesLessAndSaysWhy(int spoiler, RuleAction action)
    {
        var (_, spoil, notify, ask, kill, exec, why) = Spoilers[spoiler];
        RuleAction expected = action switch
        {
            RuleAction.Notify => notify,
            RuleAction.Ask => ask,
            RuleAction.Kill => kill,
            RuleAction.Exec => exec,
            _ => RuleAction.Log,
        };

        Verdict verdict = Decide(spoil(Incidents.Confirmed()), action);

        Assert.Equal(expected, verdict.Action);
        Assert.Equal(expected != action, verdict.IsReduced);
        if (verdict.IsReduced)
        {
            Assert.Contains(why, verdict.Reason, StringComparison.OrdinalIgnoreCase);
            Assert.Matches(@"^[A-Z].*[^.]\.$", verdict.Reason);
        }
    }

    [Theory]
    [InlineData(RuleAction.Ask)]
    [InlineData(RuleAction.Kill)]
    [InlineData(RuleAction.Exec)]
    public void Decide_NothingWrong_DoesWhatTheRuleSays(RuleAction action) => Assert.Equal(action, Decide(Incidents.Confirmed(), action).Action);

    [Fact]
    public void Decide_TenSecondsOldExactly_IsStillActedOn() =>
        Assert.Equal(RuleAction.Kill, Decide(Incidents.Confirmed().WithEvidence(e => e with { Record = e.Record with { Time = Some.Noon.AddSeconds(-10) } }), RuleAction.Kill).Action);

    [Theory]
    [InlineData(Trust.Text, Trust.Text, true)]
    [InlineData(Trust.System, Trust.Text, false)]
    [InlineData(Trust.System, Trust.System, true)]
    [InlineData(Trust.Child, Trust.System, false)]
    [InlineData(Trust.Kernel, Trust.Child, false)]
    [InlineData(Trust.Kernel, Trust.Kernel, true)]
    [InlineData(Trust.Text, Trust.Kernel, true)]
    public void Decide_Trust_NeverKillsBelowWhatTheRuleWants(Trust wanted, Trust given, bool kills)
    {
        Incident incident = Incidents.Confirmed().WithEvidence(e => e with { Record = e.Record with { Trust = given } });
        Assert.Equal(kills ? RuleAction.Kill : RuleAction.Notify, Decide(incident, RuleAction.Kill, wanted).Action);
    }

    [Fact]
    public void Decide_TrustTextRule_WaivesTheContenderAndNothingElse()
    {
        Incident text = Incidents.Confirmed().FromText();
        Assert.Equal(RuleAction.Kill, Decide(text, RuleAction.Kill, Trust.Text).Action);
        Assert.Equal(RuleAction.Notify, Decide(text with { IsHolderConfirmed = false }, RuleAction.Kill, Trust.Text).Action);
        Assert.Equal(RuleAction.Log, Decide(text with { State = PortState.Free }, RuleAction.Kill, Trust.Text).Action);

        Incident journal = Incidents.Confirmed() with { Doubts = ["the refused process belongs to ada"], Contender = Some.Sender(uid: 1001) };
        Assert.Equal(RuleAction.Notify, Decide(journal, RuleAction.Kill, Trust.Text).Action);
        Assert.Equal(RuleAction.Kill, Decide(journal with { Contender = null }, RuleAction.Kill, Trust.Text).Action);
    }

    [Fact]
    public void Decide_SupervisedStop_LeavesItToTheSupervisorsVerb()
    {
        Holder holder = Incidents.Held(Some.Process() with { Supervisor = Unit }) with { Known = "redis" };
        Incident incident = Incidents.Confirmed() with { Holders = [holder] };
        Assert.Equal(RuleAction.Kill, Decide(incident, RuleAction.Kill, supervised: SupervisedHandling.Stop).Action);

        Incident withoutVerb = incident with { Holders = [holder with { Process = holder.Process! with { Supervisor = Unit with { StopCommand = [] } } }] };
        Assert.Equal(RuleAction.Notify, Decide(withoutVerb, RuleAction.Kill, supervised: SupervisedHandling.Stop).Action);
    }

    /// <summary>Any number of spoilers together, with and without <c>"trust": "text"</c>: nothing adds up to a kill.</summary>
    [Fact]
    public void Decide_AnyCombinationOfSpoilers_NeverKillsNorAsks()
    {
        var random = new Random(4121);
        for (int round = 0; round < 50_000; round++)
        {
            var chosen = Spoilers.Where(_ => random.Next(Spoilers.Length) < 3).OrderBy(_ => random.Next()).ToArray();
            Trust wanted = random.Next(2) == 0 ? Trust.Text : Trust.System;
            Incident incident = chosen.Aggregate(Incidents.Confirmed(), (i, s) => s.Spoil(i));
            bool maySurvive = Sound(incident, wanted);
            RuleAction kill = Decide(incident, RuleAction.Kill, wanted).Action;
            RuleAction ask = Decide(incident, RuleAction.Ask, wanted).Action;

            string names = string.Join(" + ", chosen.Select(s => s.Name));
            Assert.True(maySurvive == (kill == RuleAction.Kill), $"{names} with trust {wanted}: {kill}");
            Assert.Equal(kill == RuleAction.Kill, ask == RuleAction.Ask);
        }
    }

    /// <summary>The conditions of a kill, written down a second time and the other way round.</summary>
    private static bool Sound(Incident i, Trust wanted)
    {
        Sighting e = i.Collision.Evidence;
        bool trusted = e.Record.Trust >= wanted && (i.Doubts.Count == 0 || (wanted == Trust.Text && i.IsHolderConfirmed && (e.Record.Trust == Trust.Text || i.Contender is null)));
        bool fresh = e.Record.ReadAt <= e.Record.Time.AddSeconds(10) && e.Kind == SightingKind.Collision;
        bool holders = i is { State: PortState.Held, Holders.Count: > 0, Endpoint.Port: not (null or 22) }
            && i.Holders.All(h => h is { Process: { Name: not "postgres", Supervisor: null, Container: null }, Protection: null, Known: null });
        return trusted && fresh && holders;
    }

    private static Verdict Decide(Incident incident, RuleAction action, Trust trust = Trust.System, SupervisedHandling supervised = SupervisedHandling.Advise) =>
        RuleEngine.Decide(
            incident,
            Settings.Default with
            {
                Rules = [new Rule { Name = "r", Action = action, Trust = trust }, Rule.Last],
                Protect = new ProtectSettings { Process = ["postgres"], Ports = [new PortRange(22, 22)] },
                Strike = new StrikeSettings { Supervised = supervised },
            },
            Some.Noon);
}
