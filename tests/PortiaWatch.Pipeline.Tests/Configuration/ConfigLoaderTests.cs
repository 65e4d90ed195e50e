using System.Text;
using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Tests.Configuration;

public sealed class ConfigLoaderTests
{
    [Fact]
    public void Parse_WholeDesignExample_GivesEverySetting()
    {
        Settings settings = Valid("""
            {
              // a comment
              "$schema": "./portia.schema.json",
              "sources":  { "kernel": "auto", "systemLog": false, "files": ["~/Library/Logs/**/*.log"], "hooks": true },
              "debounce": { "window": "2s" },
              "rules": [
                { "name": "a stale server of the same project", "ports": ["3000-3999", 5173, "8000-8999"],
                  "holder": { "sameProject": true, "olderThan": "10s" }, "action": "kill", "grace": "3s", "force": true, "trust": "text" },
                { "name": "orphans on my dev ports", "ports": ["3000-9999"],
                  "holder": { "process": ["node", "bun", "python*"], "orphan": true, "known": false }, "action": "kill" },
                { "ports": ["1024-65535"], "action": "exec", "command": ["~/bin/told", ""] },
                { "action": "log" },
              ],
              "protect": { "process": ["postgres"], "ports": [22] },
              "strike":  { "grace": "250ms", "force": true, "budget": { "strikes": 5, "per": "2m" }, "supervised": "stop" },
              "history": { "keep": "30d" },
              "telemetry": { "prometheus": "[::1]:9464", "otlp": "https://collector.example/otlp/", "journal": false }, /* and a last comma */
            }
            """);

        Assert.Equal(Toggle.Auto, settings.Sources.Kernel);
        Assert.Equal(Toggle.Off, settings.Sources.SystemLog);
        Assert.Equal(Toggle.On, settings.Sources.Hooks);
        Assert.Equal(["~/Library/Logs/**/*.log"], settings.Sources.Files);
        Assert.Equal(TimeSpan.FromSeconds(2), settings.DebounceWindow);
        Assert.Equal(5, settings.Rules.Count);
        Rule first = settings.Rules[0];
        Assert.Equal([new PortRange(3000, 3999), new PortRange(5173, 5173), new PortRange(8000, 8999)], first.Ports);
        Assert.Equal((true, TimeSpan.FromSeconds(10)), (first.Holder!.SameProject, first.Holder.OlderThan));
        Assert.Equal((RuleAction.Kill, TimeSpan.FromSeconds(3), true, Trust.Text), (first.Action, first.Grace, first.Force, first.Trust));
        Assert.Equal(Trust.System, settings.Rules[1].Trust);
        Assert.Equal(["node", "bun", "python*"], settings.Rules[1].Holder!.Process);
        Assert.Equal((true, false), (settings.Rules[1].Holder!.Orphan, settings.Rules[1].Holder!.Known));
        Assert.Equal(["~/bin/told", ""], settings.Rules[2].Command);
        Assert.Equal((2, "rule 3"), (settings.Rules[2].Index, settings.Rules[2].Title));
        Assert.Same(Rule.Last, settings.Rules[^1]);
        Assert.Equal(["postgres"], settings.Protect.Process);
        Assert.Equal([new PortRange(22, 22)], settings.Protect.Ports);
        Assert.Equal((TimeSpan.FromMilliseconds(250), true, 5, TimeSpan.FromMinutes(2), SupervisedHandling.Stop),
            (settings.Strike.Grace, settings.Strike.Force, settings.Strike.BudgetStrikes, settings.Strike.BudgetWindow, settings.Strike.Supervised));
        Assert.Equal(TimeSpan.FromDays(30), settings.HistoryKeep);
        Assert.Equal(
            ("[::1]:9464", "https://collector.example/otlp/", Toggle.Off),
            (settings.Telemetry.Prometheus!.ToString(), settings.Telemetry.Otlp!.ToString(), settings.Telemetry.Journal));
    }

    [Fact]
    public void Parse_EmptyObject_IsTheDefault() => Assert.Equal(Settings.Default, Valid("{}"));

    [Fact]
    public void Parse_EmptyRules_LeavesOnlyTheLastOne() => Assert.Same(Rule.Last, Assert.Single(Valid("""{ "rules": [] }""").Rules));

    [Fact]
    public void Parse_ByteOrderMark_IsAcceptedAndNotCounted()
    {
        Assert.True(ConfigLoader.Parse([0xEF, 0xBB, 0xBF, .. "{}"u8], "f").IsValid);
        ConfigError error = Assert.Single(ConfigLoader.Parse([0xEF, 0xBB, 0xBF, .. "{\"a\":1}"u8], "f").Errors);
        Assert.Equal((1, 2), (error.Line, error.Column));
    }

    [Theory]
    [InlineData("""{ "rules": [ { "actoin": "log" } ] }""", "$.rules[0].actoin", "unknown key \"actoin\"; did you mean \"action\"?")]
    [InlineData("""{ "rules": [ { "Action": "log" } ] }""", "$.rules[0].Action", "did you mean \"action\"?")]
    [InlineData("""{ "zebra": 1 }""", "$.zebra", "allowed are \"$schema\", \"sources\"")]
    [InlineData("""{ "odd key": 1 }""", "$['odd key']", "unknown key \"odd key\"")]
    [InlineData("""{ "rules": [ { "action": "klil" } ] }""", "$.rules[0].action", "unknown value \"klil\"; did you mean \"kill\"?")]
    [InlineData("""{ "rules": [ { "action": "explode" } ] }""", "$.rules[0].action", "allowed are \"log\", \"notify\", \"ask\", \"kill\" and \"exec\"")]
    [InlineData("""{ "rules": [ { "action": 3 } ] }""", "$.rules[0].action", "wants \"log\", \"notify\", \"ask\", \"kill\" and \"exec\", not 3")]
    [InlineData("""{ "rules": [ { "ports": [3000] } ] }""", "$.rules[0]", "lacks an action")]
    [InlineData("""{ "rules": [ 3 ] }""", "$.rules[0]", "wants an object")]
    [InlineData("""{ "rules": {} }""", "$.rules", "wants a list such as")]
    [InlineData("""{ "rules": [ { "action": "log", "ports": 3000 } ] }""", "$.rules[0].ports", "wants a list such as [3000, \"8000-8999\"], not 3000")]
    [InlineData("""{ "rules": [ { "action": "log", "ports": [] } ] }""", "$.rules[0].ports", "is empty")]
    [InlineData("""{ "rules": [ { "action": "log", "ports": [1, 0] } ] }""", "$.rules[0].ports[1]", "a port from 1 to 65535")]
    [InlineData("""{ "rules": [ { "action": "log", "ports": [70000] } ] }""", "$.rules[0].ports[0]", "not 70000")]
    [InlineData("""{ "rules": [ { "action": "log", "ports": [-1] } ] }""", "$.rules[0].ports[0]", "not -1")]
    [InlineData("""{ "rules": [ { "action": "log", "ports": [3e3] } ] }""", "$.rules[0].ports[0]", "not 3e3")]
    [InlineData("""{ "rules": [ { "action": "log", "ports": [3000.5] } ] }""", "$.rules[0].ports[0]", "not 3000.5")]
    [InlineData("""{ "rules": [ { "action": "log", "ports": ["abc"] } ] }""", "$.rules[0].ports[0]", "not \"abc\"")]
    [InlineData("""{ "rules": [ { "action": "log", "ports": ["3000-"] } ] }""", "$.rules[0].ports[0]", "a range such as")]
    [InlineData("""{ "rules": [ { "action": "log", "ports": ["-3000"] } ] }""", "$.rules[0].ports[0]", "a range such as")]
    [InlineData("""{ "rules": [ { "action": "log", "ports": ["1-2-3"] } ] }""", "$.rules[0].ports[0]", "a range such as")]
    [InlineData("""{ "rules": [ { "action": "log", "ports": ["4000-3000"] } ] }""", "$.rules[0].ports[0]", "reversed range; write \"3000-4000\"")]
    [InlineData("""{ "rules": [ { "action": "log", "ports": [null] } ] }""", "$.rules[0].ports[0]", "not null")]
    [InlineData("""{ "rules": [ { "action": "log", "name": " " } ] }""", "$.rules[0].name", "is empty")]
    [InlineData("""{ "rules": [ { "action": "log", "trust": "txt" } ] }""", "$.rules[0].trust", "did you mean \"text\"?")]
    [InlineData("""{ "rules": [ { "action": "log", "kind": "sof" } ] }""", "$.rules[0].kind", "did you mean \"soft\"?")]
    [InlineData("""{ "rules": [ { "action": "log", "kind": [] } ] }""", "$.rules[0].kind", "is empty")]
    [InlineData("""{ "rules": [ { "action": "log", "kind": ["soft", 1] } ] }""", "$.rules[0].kind[1]", "not 1")]
    [InlineData("""{ "rules": [ { "action": "kill", "grace": "5" } ] }""", "$.rules[0].grace", "\"250ms\", \"5s\", \"1m\", \"2h\" or \"90d\"")]
    [InlineData("""{ "rules": [ { "action": "kill", "grace": 5 } ] }""", "$.rules[0].grace", "wants a duration")]
    [InlineData("""{ "rules": [ { "action": "kill", "grace": "1h" } ] }""", "$.rules[0].grace", "must be between \"100ms\" and \"10m\", not \"1h\"")]
    [InlineData("""{ "rules": [ { "action": "kill", "force": "yes" } ] }""", "$.rules[0].force", "wants true or false, not \"yes\"")]
    [InlineData("""{ "rules": [ { "action": "log", "holder": { "process": "node" } } ] }""", "$.rules[0].holder.process", "wants a list such as")]
    [InlineData("""{ "rules": [ { "action": "log", "holder": { "process": [""] } } ] }""", "$.rules[0].holder.process[0]", "is empty")]
    [InlineData("""{ "rules": [ { "action": "log", "holder": { "process": ["/usr/bin/node"] } } ] }""", "$.rules[0].holder.process[0]", "contains a slash")]
    [InlineData("""{ "rules": [ { "action": "log", "holder": { "process": [] } } ] }""", "$.rules[0].holder.process", "is empty")]
    [InlineData("""{ "rules": [ { "action": "log", "holder": { "sameproject": true } } ] }""", "$.rules[0].holder.sameproject", "did you mean \"sameProject\"?")]
    [InlineData("""{ "rules": [ { "action": "exec" } ] }""", "$.rules[0].action", "\"exec\" wants \"command\"")]
    [InlineData("""{ "rules": [ { "action": "exec", "command": [] } ] }""", "$.rules[0].command", "is empty")]
    [InlineData("""{ "rules": [ { "action": "exec", "command": ["notify-me"] } ] }""", "$.rules[0].command[0]", "full path")]
    [InlineData("""{ "rules": [ { "action": "exec", "command": "/bin/true" } ] }""", "$.rules[0].command", "wants a list")]
    [InlineData("""{ "rules": [ { "action": "exec", "command": ["/bin/true", "a\u0000b"] } ] }""", "$.rules[0].command[1]", "NUL")]
    [InlineData("""{ "rules": [ { "action": "log", "command": ["/bin/true"] } ] }""", "$.rules[0].command", "only for \"action\": \"exec\"")]
    [InlineData("""{ "sources": { "kernel": "on" } }""", "$.sources.kernel", "wants \"auto\", true or false, not \"on\"")]
    [InlineData("""{ "sources": { "files": ["logs/*.log"] } }""", "$.sources.files[0]", "starts with / or ~/")]
    [InlineData("""{ "debounce": { "window": "0s" } }""", "$.debounce.window", "must be between \"100ms\" and \"1h\"")]
    [InlineData("""{ "strike": { "budget": { "strikes": -3 } } }""", "$.strike.budget.strikes", "whole number from 1 to 100, not -3")]
    [InlineData("""{ "strike": { "budget": { "strikes": "3" } } }""", "$.strike.budget.strikes", "not \"3\"")]
    [InlineData("""{ "strike": { "budget": 3 } }""", "$.strike.budget", "wants an object with \"strikes\" and \"per\", not 3")]
    [InlineData("""{ "strike": { "supervised": "kill" } }""", "$.strike.supervised", "allowed are \"advise\" and \"stop\"")]
    [InlineData("""{ "history": { "keep": "999999d" } }""", "$.history.keep", "must be between")]
    [InlineData("""{ "history": { "keep": "9999999d" } }""", "$.history.keep", "wants a duration")]
    [InlineData("""{ "history": {}, "history": {} }""", "$.history", "is there twice")]
    [InlineData("""{ "rules": [ { "action": "log", "action": "kill" } ] }""", "$.rules[0].action", "is there twice")]
    [InlineData("""{ "rules": [ { "action": "log", "name": "\ud800" } ] }""", "$", "half a character")]
    [InlineData("""{ "log": { "level": "inof" } }""", "$.log.level", "did you mean \"info\"?")]
    [InlineData("""{ "log": { "level": 3 } }""", "$.log.level", "wants \"debug\", \"info\", \"warning\" and \"error\", not 3")]
    [InlineData("""{ "log": { "file": "portia.log" } }""", "$.log.file", "starts with / or ~/")]
    [InlineData("""{ "log": { "fil": "/x" } }""", "$.log.fil", "did you mean \"file\"?")]
    [InlineData("""{ "telemetry": { "oltp": "http://127.0.0.1:4318" } }""", "$.telemetry.oltp", "did you mean \"otlp\"?")]
    [InlineData("""{ "telemetry": { "journal": "on" } }""", "$.telemetry.journal", "wants \"auto\", true or false, not \"on\"")]
    [InlineData("""{ "telemetry": { "prometheus": 9464 } }""", "$.telemetry.prometheus", "such as \"127.0.0.1:9464\" or \"[::1]:9464\", as a string, not 9464")]
    [InlineData("""{ "telemetry": { "prometheus": "0.0.0.0:9464" } }""", "$.telemetry.prometheus", "wants a loopback address")]
    [InlineData("""{ "telemetry": { "prometheus": "[::]:9464" } }""", "$.telemetry.prometheus", "wants a loopback address")]
    [InlineData("""{ "telemetry": { "prometheus": "localhost:9464" } }""", "$.telemetry.prometheus", "wants an address with a port")]
    [InlineData("""{ "telemetry": { "prometheus": "127.1:9464" } }""", "$.telemetry.prometheus", "wants an address with a port")]
    [InlineData("""{ "telemetry": { "prometheus": "127.0.0.1" } }""", "$.telemetry.prometheus", "wants an address with a port")]
    [InlineData("""{ "telemetry": { "prometheus": "127.0.0.1:0" } }""", "$.telemetry.prometheus", "wants an address with a port")]
    [InlineData("""{ "telemetry": { "prometheus": "127.0.0.1:70000" } }""", "$.telemetry.prometheus", "wants an address with a port")]
    [InlineData("""{ "telemetry": { "prometheus": "" } }""", "$.telemetry.prometheus", "is empty")]
    [InlineData("""{ "telemetry": { "otlp": "127.0.0.1:4318" } }""", "$.telemetry.otlp", "wants an http or https address")]
    [InlineData("""{ "telemetry": { "otlp": "grpc://127.0.0.1:4317" } }""", "$.telemetry.otlp", "wants an http or https address")]
    [InlineData("""{ "telemetry": { "otlp": "http://me:secret@collector/" } }""", "$.telemetry.otlp", "without user, query or fragment")]
    [InlineData("""{ "telemetry": { "otlp": "http://collector/?a=b" } }""", "$.telemetry.otlp", "without user, query or fragment")]
    [InlineData("""{ "telemetry": { "otlp": " http://collector/" } }""", "$.telemetry.otlp", "wants an http or https address")]
    [InlineData("[]", "$", "wants an object")]
    [InlineData("null", "$", "not null")]
    [InlineData("", "$", "is empty")]
    [InlineData(" \r\n\t ", "$", "is empty")]
    [InlineData("// only a comment", "$", "is not JSON")]
    [InlineData("{", "$", "is not JSON")]
    [InlineData("{ \"rules\": [ }", "$", "is not JSON")]
    [InlineData("{} {}", "$", "is not JSON")]
    [InlineData("{ 'rules': [] }", "$", "is not JSON")]
    public void Parse_BadInput_OneErrorSaysWhereAndWhatIsAllowed(string json, string path, string words)
    {
        ConfigResult result = Parse(json);

        Assert.Null(result.Settings);
        ConfigError error = Assert.Single(result.Errors);
        Assert.Equal(path, error.Path);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.True(error.Line >= 1 && error.Column >= 1);
        Assert.DoesNotContain("LineNumber", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_SeveralErrors_AllComeInTheOrderOfTheFile()
    {
        ConfigResult result = Parse("""
            {
              "debounce": { "window": "fast" },
              "rules": [
                { "name": "größer", "ports": ["9-1"], "action": "kil" },
              ],
              "histroy": {}
            }
            """);

        Assert.Equal(
            [("$.debounce.window", 2, 27), ("$.rules[0].ports[0]", 4, 35), ("$.rules[0].action", 4, 53), ("$.histroy", 6, 3)],
            result.Errors.Select(e => (e.Path, e.Line, e.Column)));
        Assert.Equal("conf.json:6:3: $.histroy: unknown key \"histroy\"; did you mean \"history\"?", result.Errors[3].ToString());
    }

    [Fact]
    public void Parse_SyntaxError_PointsAtThePlaceInCharacters()
    {
        ConfigError error = Assert.Single(Parse("{\r\n  \"größe\" 3\r\n}").Errors);
        Assert.Equal((2, 11), (error.Line, error.Column));
    }

    [Fact]
    public void Parse_InvalidUtf8_PointsAtTheFirstBadByte()
    {
        ConfigError error = Assert.Single(ConfigLoader.Parse([.. "{\n\"ä"u8, 0xC3, 0x28, .. "\": 1}"u8], "f").Errors);
        Assert.Equal((2, 3), (error.Line, error.Column));
        Assert.Contains("UTF-8", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_DeepNesting_IsRefused()
    {
        string json = new string('[', 100_000) + new string(']', 100_000);
        Assert.Contains("depth", Assert.Single(Parse(json).Errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_TooLarge_IsRefusedUnread()
    {
        ConfigError error = Assert.Single(ConfigLoader.Parse(new byte[(1024 * 1024) + 1], "f").Errors);
        Assert.Equal(0, error.Line);
        Assert.Equal("f: is larger than 1 MiB; this cannot be a configuration file", error.ToString());
    }

    [Fact]
    public void Parse_OneLongLineOfErrors_StopsAtFiftyAndStaysQuick()
    {
        string json = $$"""{ "rules": [ {{string.Join(',', Enumerable.Repeat("3", 200_000))}} ] }""";
        Assert.Equal(50, Parse(json).Errors.Count);
    }

    [Fact]
    public void Parse_HostileText_NeverReachesTheMessage()
    {
        ConfigResult result = Parse("{ \"\\u001b[2J\\u202e\\n\": 1, \"rules\": [ { \"action\": \"\\u001b]0;x\\u0007\" } ] }");
        Assert.Equal(2, result.Errors.Count);
        Assert.All(result.Errors, e => Assert.DoesNotContain(e.ToString(), c => char.IsControl(c) || c == '\u202e'));
    }

    [Fact]
    public void Parse_AnyMutationOfAValidFile_GivesSettingsOrPlacedErrors()
    {
        byte[] seed = Encoding.UTF8.GetBytes("""
            { "sources": { "files": ["~/ä.log"] }, "rules": [ { "ports": ["3000-3999", 1], "holder": { "process": ["n*"], "olderThan": "1s" }, "action": "ask" } ], /* c */ }
            """);
        var random = new Random(20261122);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] bytes = (byte[])seed.Clone();
            for (int edits = random.Next(1, 5); edits > 0; edits--)
                bytes[random.Next(bytes.Length)] = random.Next(3) == 0 ? (byte)random.Next(256) : seed[random.Next(seed.Length)];
            ConfigResult result = ConfigLoader.Parse(bytes.AsSpan(0, random.Next(2) == 0 ? bytes.Length : random.Next(bytes.Length)), "f");
            Assert.NotEqual(result.IsValid, result.Errors.Count > 0);
            Assert.All(result.Errors, e => Assert.True(e is { Line: >= 1, Column: >= 1, Message.Length: > 0 }));
        }
    }

    private static ConfigResult Parse(string json) => ConfigLoader.Parse(Encoding.UTF8.GetBytes(json), "conf.json");

    private static Settings Valid(string json)
    {
        ConfigResult result = Parse(json);
        Assert.Empty(result.Errors);
        return result.Settings!;
    }
}
