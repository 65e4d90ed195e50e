using System.Text;
using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Enrichment;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Rules;
using PortiaWatch.Tests.Support;
using PortiaWatch.Verbs;

namespace PortiaWatch.Tests.Verbs;

/// <summary>The built program: arguments, exit codes, streams.</summary>
public sealed class RulesVerbTests : IDisposable
{
    private const string Good = """{ "rules": [ { "name": "stale", "ports": [3000], "holder": { "sameProject": true }, "action": "kill" }, { "action": "notify" } ] }""";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Check_GoodFile_AnswersOnStandardOutputAndExitsZero()
    {
        Portia.Answer answer = await Portia.RunAsync("rules", "check", _folder.Write("p.json", Good));
        Assert.Equal(0, answer.ExitCode);
        Assert.Contains("p.json is valid", answer.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', answer.Output);
    }

    [Fact]
    public async Task Check_BadFile_SaysWhereOnStandardErrorAndExitsTwo()
    {
        string file = _folder.Write("p.json", "{ \"rules\": [\n{ \"actoin\": 1 } ] }");
        Portia.Answer answer = await Portia.RunAsync("rules", "check", file);
        Assert.Equal((2, ""), (answer.ExitCode, answer.Output));
        Assert.StartsWith($"{file}:2:3: $.rules[0].actoin: unknown key \"actoin\"; did you mean \"action\"?", answer.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_StandardInputAndConfigOption_AreReadToo()
    {
        Portia.Answer piped = await Portia.PipeAsync("{ \"x\": 1 }", "rules", "check", "-", "--json");
        Assert.Equal((2, "standard input"), (piped.ExitCode, piped.Json.GetProperty("origin").GetString()));
        Portia.Answer named = await Portia.RunAsync("rules", "check", "--config", _folder.Write("p.json", Good), "--json");
        Assert.Equal((0, "stale"), (named.ExitCode, named.Json.GetProperty("rules")[0].GetProperty("name").GetString()));
        Portia.Answer none = await Portia.RunAsync("rules", "check", "--json");
        Assert.Equal((0, "built-in default"), (none.ExitCode, none.Json.GetProperty("origin").GetString()));
    }

    [Fact]
    public async Task Explain_OneRule_IsLookedAtAsIfItStoodFirst()
    {
        string file = _folder.Write("p.json", """{ "rules": [ { "name": "all", "action": "log" }, { "name": "mine", "ports": [3000], "action": "notify" } ] }""");

        Portia.Answer one = await Portia.RunAsync("rules", "explain", "--config", file, "--json", "--port", "3000", "--process", "node", "--rule", "mine");
        Portia.Answer none = await Portia.RunAsync("rules", "explain", "--config", file, "--port", "3000", "--rule", "yours");

        Assert.Equal("mine", one.Json.GetProperty("verdict").GetProperty("rule").GetString());
        Assert.Equal(2, none.ExitCode);
        Assert.Contains("There are: \"all\", \"mine\"", none.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_DescribedIncident_NamesTheRule()
    {
        string[] said = ["rules", "explain", "--config", _folder.Write("p.json", Good), "--json", "--port", "3000", "--process", "node"];
        Portia.Answer same = await Portia.RunAsync([.. said, "--same-project"]);
        Assert.Equal((0, "kill"), (same.ExitCode, same.Json.GetProperty("verdict").GetProperty("action").GetString()));
        Portia.Answer other = await Portia.RunAsync([.. said, "--same-project", "false"]);
        Assert.Equal("notify", other.Json.GetProperty("verdict").GetProperty("action").GetString());
        Portia.Answer text = await Portia.RunAsync([.. said, "--same-project", "--trust", "text"]);
        Assert.True(text.Json.GetProperty("verdict").GetProperty("reason").GetString()!.Length > 10);
    }

    [Theory]
    [InlineData("is no port", "--port", "70000")]
    [InlineData("is no port", "--port", "abc")]
    [InlineData("is no duration", "--age", "5")]
    [InlineData("'kernel'", "--trust", "none")]
    [InlineData("no such file", "--incident", "/nonexistent")]
    public async Task Explain_BadOption_SaysWhatIsAllowedAndExitsTwo(string words, params string[] options)
    {
        Portia.Answer answer = await Portia.RunAsync(["rules", "explain", .. options]);
        Assert.Equal((2, ""), (answer.ExitCode, answer.Output));
        Assert.Contains(words, answer.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_RecordedIncidents_ExplainsEachAndPointsAtABadLine()
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        Incident incident = new DescribedIncident { Endpoint = new Endpoint { Port = 3000 }, Process = "node", SameProject = true }.ToIncident(Squatters.Load("linux", null, _ => { }), now);
        string line = Encoding.UTF8.GetString(IncidentJson.ToUtf8(RuleEngine.Decide(incident, Settings.Default, now), null));
        string config = _folder.Write("p.json", Good);

        Portia.Answer answer = await Portia.PipeAsync($"{line}\n{line}\n", "rules", "explain", "--config", config, "--json", "--incident", "-");
        Assert.Equal(0, answer.ExitCode);
        Assert.Equal(["stale", "stale"], answer.JsonLines.Select(l => l.GetProperty("verdict").GetProperty("rule").GetString()));

        Portia.Answer bad = await Portia.PipeAsync($"{line}\nnoise\n", "rules", "explain", "--config", config, "--incident", "-");
        Assert.Equal(2, bad.ExitCode);
        Assert.Contains("-:2: is not JSON", bad.Messages, StringComparison.Ordinal);
    }
}
