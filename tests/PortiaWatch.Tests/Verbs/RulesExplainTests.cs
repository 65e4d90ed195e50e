using System.Text;
using System.Text.Json;
using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Enrichment;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Rules;
using PortiaWatch.Verbs;

namespace PortiaWatch.Tests.Verbs;

public sealed class RulesExplainTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly Squatters Known = Squatters.Load("macos", null, e => Assert.Fail(e.ToString()));

    private static readonly Settings Rules = ConfigLoader.Parse(
        """
        { "rules": [
            { "name": "stale", "ports": ["3000-3999"], "holder": { "sameProject": true, "olderThan": "10s" }, "action": "kill" },
            { "name": "orphans", "ports": ["3000-9999"], "holder": { "process": ["node", "python*"], "orphan": true }, "action": "kill" },
            { "name": "text too", "ports": [4000], "action": "kill", "trust": "text" },
            { "name": "rest", "ports": ["1024-65535"], "action": "ask" } ] }
        """u8,
        "f").Settings!;

    private readonly StringWriter _answers = new();

    private static readonly DescribedIncident Plainly = new() { Endpoint = On(3000) };

    private static readonly (DescribedIncident Described, string Rule, string Action)[] Situations =
    [
        (Plainly with { SameProject = true, Age = TimeSpan.FromMinutes(5) }, "stale", "kill"),
        (Plainly with { SameProject = true }, "rest", "ask"),
        (Plainly with { SameProject = false, Age = TimeSpan.FromMinutes(5) }, "rest", "ask"),
        (Plainly with { Process = "node", Orphan = true }, "orphans", "kill"),
        (Plainly with { Orphan = true }, "rest", "ask"),
        (Plainly with { Trust = Trust.Text }, "rest", "notify"),
        (Plainly with { Endpoint = On(4000), Trust = Trust.Text }, "text too", "kill"),
        (Plainly with { Endpoint = On(4000), OtherUser = true }, "text too", "notify"),
        (Plainly with { State = PortState.Free }, "rest", "log"),
        (Plainly with { Kind = SightingKind.Resolved }, "rest", "log"),
        (Plainly with { Endpoint = On(4000), Supervisor = "systemd" }, "text too", "notify"),
        (Plainly with { Endpoint = On(5000), Process = "ControlCenter" }, "rest", "notify"),
        (Plainly with { Endpoint = On(80) }, "everything else", "log"),
        (Plainly with { Endpoint = null }, "everything else", "log"),
    ];

    public static TheoryData<int> Numbers => [.. Enumerable.Range(0, Situations.Length)];

    public void Dispose()
    {
        _answers.Dispose();
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Run_DescribedIncident_SaysWhichRuleAndWhatIsDone(int situation)
    {
        (DescribedIncident described, string rule, string action) = Situations[situation];
        using JsonDocument document = Explain(described.ToIncident(Known, Noon));
        JsonElement verdict = document.RootElement.GetProperty("verdict");
        Assert.Equal((rule, action), (verdict.GetProperty("rule").GetString(), verdict.GetProperty("action").GetString()));
        JsonElement[] looked = [.. document.RootElement.GetProperty("rules").EnumerateArray()];
        Assert.All(looked[..^1], r => Assert.True(!r.GetProperty("matches").GetBoolean() && r.GetProperty("reason").GetString()!.Length > 5));
        Assert.True(looked[^1].GetProperty("matches").GetBoolean());
    }

    [Fact]
    public void Run_Human_ShowsTheWayDownAndTheReduction()
    {
        Incident incident = (Plainly with { Process = "node", Orphan = true, Trust = Trust.Text }).ToIncident(Known, Noon);
        new RulesExplain(Plain.Console(_answers), _answers, isJson: false).Run(incident, Rules, Noon);
        Assert.Matches(@"1\s+stale\s+no: it is not known how old node is", _answers.ToString());
        Assert.Matches(@"2\s+orphans\s+matches: kill", _answers.ToString());
        Assert.Contains("Verdict: notify, not kill. The line came from stdin, which anybody can write", _answers.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("text too", _answers.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_WhatTheWriterWrote_IsDecidedTheSame()
    {
        foreach ((DescribedIncident described, _, _) in Situations)
        {
            Incident incident = described.ToIncident(Known, Noon);
            Verdict original = RuleEngine.Decide(incident, Rules, Noon);
            string line = Encoding.UTF8.GetString(IncidentJson.ToUtf8(original, null));
            (Incident Incident, DateTimeOffset At)? read = RecordedIncidents.Read(line, out string? error);
            Assert.Null(error);
            Verdict again = RuleEngine.Decide(read!.Value.Incident, Rules, read.Value.At);
            Assert.Equal((original.Action, original.Rule, original.Reason), (again.Action, again.Rule, again.Reason));
            Assert.Equal(original.Weighed, again.Weighed);
        }
    }

    [Fact]
    public void Read_StaleRecording_StaysStale()
    {
        Incident incident = (Plainly with { SameProject = true, Age = TimeSpan.FromHours(1) }).ToIncident(Known, Noon);
        Sighting evidence = incident.Collision.Evidence;
        incident = incident with { Collision = incident.Collision with { Evidence = evidence with { Record = evidence.Record with { ReadAt = Noon.AddMinutes(5) } } } };
        string line = Encoding.UTF8.GetString(IncidentJson.ToUtf8(RuleEngine.Decide(incident, Rules, Noon), null));
        Assert.Equal(RuleAction.Log, RuleEngine.Decide(RecordedIncidents.Read(line, out _)!.Value.Incident, Rules, Noon).Action);
    }

    [Theory]
    [InlineData("", "is not JSON")]
    [InlineData("{", "is not JSON")]
    [InlineData("[]", "is not of schema")]
    [InlineData("{}", "is not of schema")]
    [InlineData("{\"schema\":3}", "is not of schema")]
    [InlineData("{\"schema\":\"portia.sighting/1\"}", "is not of schema")]
    [InlineData("{\"schema\":\"portia.incident/1\"}", "is not a whole incident")]
    [InlineData("{\"schema\":\"portia.incident/1\",\"collision\":[]}", "is not a whole incident")]
    public void Read_AnythingElse_SaysWhatIsWrong(string line, string words)
    {
        Assert.Null(RecordedIncidents.Read(line, out string? error));
        Assert.Contains(words, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_AnyMutation_GivesAnIncidentOrASentence()
    {
        Incident incident = (Plainly with { Process = "node", SameProject = true, Age = TimeSpan.FromHours(1), Supervisor = "systemd" }).ToIncident(Known, Noon);
        string seed = Encoding.UTF8.GetString(IncidentJson.ToUtf8(RuleEngine.Decide(incident, Rules, Noon), null));
        var random = new Random(20261122);
        for (int round = 0; round < 5_000; round++)
        {
            char[] line = seed.ToCharArray();
            for (int edits = random.Next(1, 4); edits > 0; edits--)
                line[random.Next(line.Length)] = seed[random.Next(seed.Length)];
            bool isRead = RecordedIncidents.Read(new string(line), out string? error) is not null;
            Assert.NotEqual(isRead, error is not null);
        }
    }

    private static Endpoint On(int port) => new() { Transport = Transport.Tcp, Port = port };

    private JsonDocument Explain(Incident incident)
    {
        Assert.Equal(0, new RulesExplain(Plain.Console(_answers), _answers, isJson: true).Run(incident, Rules, Noon));
        return JsonDocument.Parse(_answers.ToString());
    }
}
