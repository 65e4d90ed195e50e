using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Pipeline.Tests.Configuration;

/// <summary>The shipped file, its schema and the loader say the same.</summary>
public sealed class ShippedConfigTests
{
    private static readonly JsonNode Schema = JsonNode.Parse(File.ReadAllText(RepositoryFile.PathOf("config", "portia.schema.json")))!;

    [Fact]
    public void ShippedFile_Loaded_IsTheDefault()
    {
        ConfigResult result = ConfigLoader.Parse(File.ReadAllBytes(RepositoryFile.PathOf("config", "portia.json")), "portia.json");
        Assert.Empty(result.Errors);
        Assert.Equal(JsonSerializer.Serialize(Settings.Default), JsonSerializer.Serialize(result.Settings));
        Assert.DoesNotContain(result.Settings!.Rules, r => r.Action is RuleAction.Kill or RuleAction.Exec);
    }

    [Fact]
    public void ShippedFile_CommentedRules_LoadOnceUncommented()
    {
        string text = File.ReadAllText(RepositoryFile.PathOf("config", "portia.json"));
        string uncommented = Regex.Replace(text, @"^    // ([{} ])", "    $1", RegexOptions.Multiline | RegexOptions.NonBacktracking);
        ConfigResult result = ConfigLoader.Parse(System.Text.Encoding.UTF8.GetBytes(uncommented), "portia.json");
        Assert.Empty(result.Errors);
        Assert.Equal(2, result.Settings!.Rules.Count(r => r.Action == RuleAction.Kill));
    }

    public static TheoryData<string, string[]> Objects => new()
    {
        { "", ConfigKeys.Root },
        { "properties/sources", ConfigKeys.Sources },
        { "properties/debounce", ConfigKeys.Debounce },
        { "$defs/rule", ConfigKeys.Rule },
        { "$defs/holder", ConfigKeys.Holder },
        { "properties/protect", ConfigKeys.Protect },
        { "properties/strike", ConfigKeys.Strike },
        { "properties/strike/properties/budget", ConfigKeys.Budget },
        { "properties/history", ConfigKeys.History },
        { "properties/log", ConfigKeys.Log },
        { "properties/telemetry", ConfigKeys.Telemetry },
    };

    [Theory]
    [MemberData(nameof(Objects))]
    public void Schema_EveryObject_HasTheLoadersKeysAndNoOthers(string path, string[] keys)
    {
        JsonNode node = At(path);
        Assert.Equal(keys, node["properties"]!.AsObject().Select(p => p.Key));
        Assert.False(node["additionalProperties"]!.GetValue<bool>());
    }

    [Fact]
    public void Schema_Objects_AreAllCompared()
    {
        // A new section must be added to the list above, or nobody checks it.
        int withProperties = Descendants(Schema).OfType<JsonObject>().Count(o => o.ContainsKey("additionalProperties"));
        Assert.Equal(Objects.Count, withProperties);
    }

    [Fact]
    public void Schema_EveryKey_IsDescribed()
    {
        foreach (object?[] row in Objects)
        {
            foreach ((string key, JsonNode? value) in At((string)row[0]!)["properties"]!.AsObject())
            {
                JsonNode described = value!["description"] is null && value["$ref"] is { } reference ? At(reference.GetValue<string>()[2..]) : value;
                Assert.True(described["description"]?.GetValue<string>().Length > 20, key);
            }
        }
    }

    [Fact]
    public void Schema_Enums_AreTheLoadersWords()
    {
        Assert.Equal(ConfigKeys.Actions.Select(a => a.Word), Enum("$defs/rule/properties/action"));
        Assert.Equal(ConfigKeys.Trusts.Select(t => t.Word), Enum("$defs/rule/properties/trust"));
        Assert.Equal(ConfigKeys.Kinds.Select(k => k.Word), Enum("$defs/kind"));
        Assert.Equal(ConfigKeys.Supervised.Select(s => s.Word), Enum("properties/strike/properties/supervised"));
        Assert.Equal(ConfigKeys.Levels.Select(l => l.Word), Enum("properties/log/properties/level"));
        Assert.Equal(System.Enum.GetValues<RuleAction>().Length, ConfigKeys.Actions.Length);
        Assert.Equal(System.Enum.GetValues<Trust>().Length, ConfigKeys.Trusts.Length);
        Assert.Equal(System.Enum.GetValues<SightingKind>().Length, ConfigKeys.Kinds.Length);
        Assert.Equal(System.Enum.GetValues<SupervisedHandling>().Length, ConfigKeys.Supervised.Length);
    }

    [Fact]
    public void Schema_Defaults_AreTheDefaultSettings()
    {
        JsonNode strike = At("properties/strike/properties");
        Assert.Equal(DurationText.Of(Settings.Default.Strike.Grace), strike["grace"]!["default"]!.GetValue<string>());
        Assert.Equal(Settings.Default.Strike.Force, strike["force"]!["default"]!.GetValue<bool>());
        Assert.Equal(Settings.Default.Strike.BudgetStrikes, At("properties/strike/properties/budget/properties/strikes")["default"]!.GetValue<int>());
        Assert.Equal(ConfigLimits.MostStrikes, At("properties/strike/properties/budget/properties/strikes")["maximum"]!.GetValue<int>());
        Assert.Equal(DurationText.Of(Settings.Default.Strike.BudgetWindow), At("properties/strike/properties/budget/properties/per")["default"]!.GetValue<string>());
        Assert.Equal(DurationText.Of(Settings.Default.DebounceWindow), At("properties/debounce/properties/window")["default"]!.GetValue<string>());
        Assert.Equal(Settings.Default.Log.Level, Array.Find(ConfigKeys.Levels, l => l.Word == At("properties/log/properties/level")["default"]!.GetValue<string>()).Value);
        Assert.Equal(DurationText.Of(Settings.Default.HistoryKeep), At("properties/history/properties/keep")["default"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("properties/debounce/properties/window", "100ms to 1h")]
    [InlineData("properties/strike/properties/grace", "100ms to 10m")]
    [InlineData("$defs/rule/properties/grace", "100ms to 10m")]
    [InlineData("properties/strike/properties/budget/properties/per", "1s to 1d")]
    [InlineData("properties/history/properties/keep", "1h to 3650d")]
    public void Schema_DurationLimits_AreTheLoadersLimits(string path, string limits)
    {
        string[] expected = path switch
        {
            _ when path.EndsWith("window", StringComparison.Ordinal) => [DurationText.Of(ConfigLimits.LeastWindow), DurationText.Of(ConfigLimits.MostWindow)],
            _ when path.EndsWith("grace", StringComparison.Ordinal) => [DurationText.Of(ConfigLimits.LeastGrace), DurationText.Of(ConfigLimits.MostGrace)],
            _ when path.EndsWith("per", StringComparison.Ordinal) => [DurationText.Of(ConfigLimits.LeastBudgetWindow), DurationText.Of(ConfigLimits.MostBudgetWindow)],
            _ => [DurationText.Of(ConfigLimits.LeastKeep), DurationText.Of(ConfigLimits.MostKeep)],
        };
        Assert.Equal(string.Join(" to ", expected), limits);
        Assert.Contains(limits, At(path)["description"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("250ms", true)]
    [InlineData("90d", true)]
    [InlineData("5", false)]
    [InlineData("1.5s", false)]
    [InlineData("1234567s", false)]
    public void Schema_DurationPattern_AgreesWithTheLoader(string text, bool isAccepted)
    {
        Assert.Equal(isAccepted, Regex.IsMatch(text, At("$defs/duration")["pattern"]!.GetValue<string>()));
        Assert.Equal(isAccepted, DurationText.TryParse(text, out _));
    }

    private static JsonNode At(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries).Aggregate(Schema, (node, part) => node[part]!);

    private static IEnumerable<string> Enum(string path) => At(path)["enum"]!.AsArray().Select(v => v!.GetValue<string>());

    private static IEnumerable<JsonNode> Descendants(JsonNode node)
    {
        yield return node;
        IEnumerable<JsonNode?> children = node switch
        {
            JsonObject o => o.Select(p => p.Value),
            JsonArray a => a,
            _ => [],
        };
        foreach (JsonNode child in children.OfType<JsonNode>())
        {
            foreach (JsonNode deeper in Descendants(child))
                yield return deeper;
        }
    }
}
