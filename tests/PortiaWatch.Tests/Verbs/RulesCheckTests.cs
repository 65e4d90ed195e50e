using System.Text;
using System.Text.Json;
using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Verbs;
using Spectre.Console;

namespace PortiaWatch.Tests.Verbs;

public sealed class RulesCheckTests : IDisposable
{
    private const string Good = """
        { "rules": [
            { "name": "stale", "ports": ["3000-3999"], "holder": { "sameProject": true, "olderThan": "10s" }, "action": "kill" },
            { "name": "all [bold]", "action": "notify" },
            { "ports": [8080], "action": "ask" } ] }
        """;

    private readonly StringWriter _answers = new();
    private readonly StringWriter _messages = new();

    public void Dispose()
    {
        _answers.Dispose();
        _messages.Dispose();
    }

    [Fact]
    public void Run_ValidFile_ShowsEveryRuleAndWhatIsProbablyNotMeant()
    {
        Assert.Equal(0, Run(Good));
        string shown = _answers.ToString();
        Assert.Contains("conf.json is valid.", shown, StringComparison.Ordinal);
        Assert.Matches(@"1\s+stale\s+3000-3999\s+same project, older than 10s\s+kill", shown);
        Assert.Matches(@"2\s+all \[bold\]\s+any port\s+any holder\s+notify", shown);
        Assert.Matches(@"4\s+everything else\s+any port\s+any holder\s+log", shown);
        Assert.Contains("Note: \"rule 3\" is never reached: \"all [bold]\" before it matches", shown, StringComparison.Ordinal);
        Assert.Empty(_messages.ToString());
    }

    [Fact]
    public void Run_Errors_AreShownWithTheirPlace()
    {
        Assert.Equal(2, Run("{\n  \"rules\": [ { \"größe\": 1,\t\"actoin\": \"log\" } ]\n}"));
        Assert.Equal(
            """
            conf.json:2:16: $.rules[0]['größe']: unknown key "größe"; allowed are "name", "ports", "kind", "holder", "trust", "action", "grace", "force" and "command"
              2 |   "rules": [ { "größe": 1, "actoin": "log" } ]
                |                ^
            conf.json:2:28: $.rules[0].actoin: unknown key "actoin"; did you mean "action"?
              2 |   "rules": [ { "größe": 1, "actoin": "log" } ]
                |                            ^
            2 errors.

            """.ReplaceLineEndings("\n"),
            _messages.ToString().ReplaceLineEndings("\n"));
        Assert.Empty(_answers.ToString());
    }

    [Fact]
    public void Run_ErrorInAHugeHostileLine_ShowsAWindowWithoutControlCharacters()
    {
        Assert.Equal(2, Run($"{{ \"x\": \"{new string('y', 5000)}\u001b[2J\", \"oops\": 1 }}"));
        Assert.All(_messages.ToString().Split('\n'), line => Assert.True(line.Length < 300));
        Assert.DoesNotContain('\u001b', _messages.ToString());
    }

    [Fact]
    public void Run_Json_IsOneVersionedObject()
    {
        Assert.Equal(0, Run(Good, isJson: true));
        using JsonDocument document = JsonDocument.Parse(_answers.ToString());
        JsonElement root = document.RootElement;
        Assert.Equal("schema", root.EnumerateObject().First().Name);
        Assert.Equal("portia.rules.check/1", root.GetProperty("schema").GetString());
        Assert.True(root.GetProperty("valid").GetBoolean());
        Assert.Equal(["stale", "all [bold]", "rule 3", "everything else"], root.GetProperty("rules").EnumerateArray().Select(r => r.GetProperty("name").GetString()));
        Assert.Equal(1, root.GetProperty("notes").GetArrayLength());
    }

    [Fact]
    public void Run_JsonWithErrors_NamesPathLineAndColumn()
    {
        Assert.Equal(2, Run("{ \"oops\": 1 }", isJson: true));
        using JsonDocument document = JsonDocument.Parse(_answers.ToString());
        JsonElement error = Assert.Single(document.RootElement.GetProperty("errors").EnumerateArray());
        Assert.Equal(("$.oops", 1, 3), (error.GetProperty("path").GetString(), error.GetProperty("line").GetInt32(), error.GetProperty("column").GetInt32()));
        Assert.False(document.RootElement.GetProperty("valid").GetBoolean());
    }

    private int Run(string json, bool isJson = false)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(json);
        IAnsiConsole console = Plain.Console(_answers);
        return new RulesCheck(console, _answers, _messages, isJson).Run(ConfigLoader.Parse(utf8, "conf.json"), utf8);
    }
}
