using System.Text;
using System.Text.Json;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.History;

/// <summary>What a user sees of past incidents, from the built program.</summary>
public sealed class HistoryVerbTests : IDisposable
{
    private const string Hostile = "<script>alert(1)</script>\u001b]0;owned\u0007\u202e";

    private readonly TemporaryFolder _folder = new();

    public HistoryVerbTests() => Portia.DataHome = _folder.Path;

    public void Dispose()
    {
        Portia.DataHome = null;
        _folder.Dispose();
    }

    [Fact]
    public async Task History_BeforeAnyWatcher_SaysWhatToStart()
    {
        Portia.Answer answer = await Portia.RunAsync("history");

        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("portia watch", answer.Messages, StringComparison.Ordinal);
        Assert.Equal(1, (await Portia.RunAsync("stats")).ExitCode);
    }

    [Fact]
    public async Task History_AfterAWatch_ListsShowsFiltersAndExports()
    {
        await Portia.PipeAsync(Line(20001) + Line(20001) + Line(20002), "watch", "--source", "stdin", "--json");

        Portia.Answer list = await Portia.RunAsync("history");
        Assert.True(list.ExitCode == 0, list.Messages);
        string[] rows = list.Output.Split('\n');
        Assert.Contains("20001", rows[1], StringComparison.Ordinal);
        Assert.Contains("20002", rows[2], StringComparison.Ordinal);
        JsonElement first = Assert.Single((await Portia.RunAsync("history", "--json", "--port", "20001")).JsonLines);
        Assert.Equal(2, first.GetProperty("collision").GetProperty("count").GetInt32());
        Assert.Equal("logged", first.GetProperty("outcome").GetProperty("kind").GetString());
        Portia.Answer story = await Portia.RunAsync("history", "show", first.GetProperty("id").GetString()![..8]);
        Assert.Contains("2 times", story.Output, StringComparison.Ordinal);
        Assert.Equal(1, (await Portia.RunAsync("history", "--outcome", "freed")).ExitCode);
        Assert.Equal(1, (await Portia.RunAsync("history", "--until", "1h")).ExitCode);
        Assert.Equal(2, (await Portia.RunAsync("history", "--outcome", "splendid")).ExitCode);
        Assert.Equal(1, (await Portia.RunAsync("history", "show", "99")).ExitCode);
        Assert.Equal(2, (await Portia.RunAsync("history", "export")).JsonLines.Count);
    }

    [Fact]
    public async Task Export_IntoAnotherHistory_IsTheSameAgain()
    {
        await Portia.PipeAsync(Line(20001) + Line(20002), "watch", "--source", "stdin", "--json");
        string file = Path.Combine(_folder.Path, "export.ndjson");
        await Portia.RunAsync("history", "export", file);
        Portia.DataHome = Path.Combine(_folder.Path, "other");

        Portia.Answer added = await Portia.RunAsync("history", "import", file, "--json");
        Portia.Answer again = await Portia.RunAsync("history", "import", file);

        Assert.Equal((2, 0), (added.Json.GetProperty("added").GetInt32(), added.Json.GetProperty("refused").GetInt32()));
        Assert.Contains("2 were here already", again.Output, StringComparison.Ordinal);
        Assert.Equal(await File.ReadAllTextAsync(file), (await Portia.RunAsync("history", "export")).Output);
    }

    [Fact]
    public async Task Import_GarbageAmongGood_KeepsTheGoodAndNamesTheLines()
    {
        Portia.Answer answer = await Portia.PipeAsync($"nonsense\n{Incident("a1", "node")}\n{{}}\n", "history", "import", "-");

        Assert.Equal(2, answer.ExitCode);
        Assert.Contains("1 added, 2 refused", answer.Output, StringComparison.Ordinal);
        Assert.Contains("Line 1 ", answer.Messages, StringComparison.Ordinal);
        Assert.Contains("Line 3 ", answer.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HostileNames_ReachNoTerminalAndNoPageAsTheyAre()
    {
        await Portia.PipeAsync(Incident("a1", Hostile) + "\n", "history", "import", "-");
        string svg = Path.Combine(_folder.Path, "s.svg"), page = Path.Combine(_folder.Path, "s.html");

        Portia.Answer list = await Portia.RunAsync("history");
        Portia.Answer story = await Portia.RunAsync("history", "show", "1");
        Portia.Answer stats = await Portia.RunAsync("stats", "--since", "3650d");
        Portia.Answer drawn = await Portia.RunAsync("stats", "--since", "3650d", "--svg", svg, "--html", page);

        Assert.Equal((0, 0, 0, 0), (list.ExitCode, story.ExitCode, stats.ExitCode, drawn.ExitCode));
        foreach (string text in (string[])[list.Output, story.Output, stats.Output])
            Assert.DoesNotContain(text, c => c is '\u001b' or '\u0007' or '\u202e');
        Assert.Contains("cd /tmp && node", list.Output, StringComparison.Ordinal);
        foreach (string file in (string[])[svg, page])
        {
            string text = await File.ReadAllTextAsync(file);
            Assert.DoesNotContain("<script", text, StringComparison.Ordinal);
            Assert.DoesNotContain("http://", text.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal), StringComparison.Ordinal);
            Assert.Contains("prefers-color-scheme: dark", text, StringComparison.Ordinal);
        }

        System.Xml.Linq.XDocument.Load(svg);
    }

    [Fact]
    public async Task Stats_Json_AddsUpBlockedTimePerPort()
    {
        string[] lines = [Incident("a1", "node", minute: 0, freedAfter: 120), Incident("a2", "node", minute: 30, freedAfter: null), Incident("a3", "node", minute: 34, freedAfter: 60)];
        await Portia.PipeAsync(string.Join('\n', lines), "history", "import", "-");

        JsonElement stats = (await Portia.RunAsync("stats", "--json", "--since", "2026-01-01", "--until", "2026-12-31")).Json;

        Assert.Equal("portia.stats/1", stats.GetProperty("schema").GetString());
        Assert.Equal(3, stats.GetProperty("incidents").GetInt32());
        JsonElement port = Assert.Single(stats.GetProperty("ports").EnumerateArray());

        // Two minutes until it was freed; then five from the refusal that nobody acted on to the one that was freed.
        Assert.Equal(("3000", 7.0, "node"), (port.GetProperty("port").GetString(), port.GetProperty("blockedMinutes").GetDouble(), port.GetProperty("program").GetString()));
    }

    [Fact]
    public async Task Replay_RecordedLog_TellsCollisionsInRecordedTimeAndDoesNothing()
    {
        string log = _folder.Write("app.log", $"2026-11-20 10:00:00 {Line(3999)}2026-11-20 10:00:01 {Line(3999)}2026-11-20 11:00:00 {Line(3999)}");
        string config = _folder.Write("portia.json", """{ "rules": [ { "name": "all", "trust": "text", "action": "kill" } ] }""");

        Portia.Answer answer = await Portia.RunAsync("replay", log, "--json", "--config", config);

        Assert.True(answer.ExitCode == 0, answer.Messages);
        Assert.Equal(2, answer.JsonLines.Count);
        Assert.All(answer.JsonLines, incident => Assert.Equal("kill", incident.GetProperty("verdict").GetProperty("asked").GetString()));
        Assert.All(answer.JsonLines, incident => Assert.Equal("log", incident.GetProperty("verdict").GetProperty("action").GetString()));
        Assert.Equal(1, (await Portia.RunAsync("history")).ExitCode);
        Assert.Equal(1, (await Portia.RunAsync("replay", "/dev/null")).ExitCode);
        Assert.Equal(2, (await Portia.RunAsync("replay", Path.Combine(_folder.Path, "absent"))).ExitCode);
    }

    private static string Line(int port) => $"Error: listen EADDRINUSE: address already in use 127.0.0.1:{port}\n";

    internal static string Incident(string id, string holder, int minute = 0, int? freedAfter = 5)
    {
        var at = new DateTimeOffset(2026, 11, 20, 10, minute, 0, TimeSpan.Zero);
        string name = JsonEncodedText.Encode(holder).ToString();
        string outcome = freedAfter is { } seconds
            ? $$"""{"kind":"freed","sentence":"x","nextStep":null,"at":"{{at.AddSeconds(seconds):O}}","tookMilliseconds":1}"""
            : $$"""{"kind":"left","sentence":"x","nextStep":null,"at":"{{at.AddSeconds(30):O}}","tookMilliseconds":null}""";
        var json = new StringBuilder($$"""{"schema":"portia.incident/1","id":"{{id}}","collision":{"endpoint":{"transport":"tcp","address":null,"port":3000,"path":null},"kind":"collision",""");
        json.Append($$""" "first":"{{at:O}}","last":"{{at:O}}","count":1,"sources":["journal"],"source":"journal","trust":"system","written":"{{at:O}}","read":"{{at:O}}","pattern":"errno-name","text":"{{name}}"},""");
        json.Append("""
            "endpoint":{"transport":"tcp","address":null,"port":3000,"path":null},"inferredFrom":null,"contender":null,"state":"held",
            """);
        json.Append($$""" "holders":[{"pid":77,"name":"{{name}}","path":null,"command":["node","server.js"],"cwd":"/tmp","user":"dev","startedAt":null,"endpoint":{"transport":"tcp","address":null,"port":3000,"path":null},"use":"listening","project":null}],""");
        json.Append($$""" "confirmed":true,"doubts":[],"sameProject":false,"verdict":{"action":"kill","rule":"{{name}}","asked":"kill","reason":"x","weighed":[]},"outcome":{{outcome}}}""");
        return json.ToString().Replace("\n", "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("history", "--port", "foo", "--port takes a number from 1 to 65535.")]
    [InlineData("history", "--port", "99999", "--port takes a number from 1 to 65535.")]
    [InlineData("stats", "--port", "-1", "--port takes a number from 1 to 65535.")]
    [InlineData("history", "--limit", "1e9", "--limit takes a number from 0 to 1000000.")]
    public async Task Verb_WrongNumber_IsOnePlainSentence(string verb, string option, string value, string sentence)
    {
        Portia.Answer answer = await Portia.RunAsync(verb, option, value);

        Assert.Equal(2, answer.ExitCode);
        Assert.StartsWith(sentence, answer.Messages, StringComparison.Ordinal);
    }
}
