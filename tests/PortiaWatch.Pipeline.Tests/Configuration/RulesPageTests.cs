using System.Text;
using System.Text.RegularExpressions;
using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Enrichment;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Pipeline.Tests.Configuration;

/// <summary>docs/rules.md: its examples load, and no key is left out.</summary>
public sealed class RulesPageTests
{
    private static readonly string Page = File.ReadAllText(RepositoryFile.PathOf("docs", "rules.md"));

    public static TheoryData<string> Examples => [.. Blocks("```jsonc\n")];

    [Theory]
    [MemberData(nameof(Examples))]
    public void Example_OfThePage_Loads(string json)
    {
        Assert.Empty(ConfigLoader.Parse(Encoding.UTF8.GetBytes(json), "rules.md").Errors);
    }

    [Fact]
    public void Examples_OfThePage_ShowEveryKeyAndEveryWord()
    {
        string examples = string.Join("\n", Blocks("```jsonc\n"));
        string[] keys = [.. ConfigKeys.Root, .. ConfigKeys.Sources, .. ConfigKeys.Debounce, .. ConfigKeys.Rule, .. ConfigKeys.Holder, .. ConfigKeys.Protect, .. ConfigKeys.Strike, .. ConfigKeys.Budget, .. ConfigKeys.History, .. ConfigKeys.Log, .. ConfigKeys.Telemetry];
        Assert.All(keys, key => Assert.Contains($"\"{key}\":", examples, StringComparison.Ordinal));
        Assert.All(ConfigKeys.Actions, action => Assert.Contains($"`{action.Word}`", Page, StringComparison.Ordinal));
        Assert.All(ConfigKeys.Trusts, trust => Assert.Contains($"| `{trust.Word}` |", Page, StringComparison.Ordinal));
    }

    [Fact]
    public void SquatterExample_OfThePage_Loads()
    {
        string json = Assert.Single(Blocks("```jsonc squatters\n"));
        (IReadOnlyList<SquatterEntry> entries, IReadOnlyList<ConfigError> errors) = SquatterReader.Read(Encoding.UTF8.GetBytes(json), "rules.md");
        Assert.Empty(errors);
        Assert.Single(entries);
    }

    [Fact]
    public void ErrorExample_OfThePage_IsWhatTheLoaderSays()
    {
        Match shown = Regex.Match(Page, @"^my\.json:.*$", RegexOptions.Multiline);
        ConfigError error = Assert.Single(ConfigLoader.Parse("{\n  \"rules\": [ { \"actoin\": \"kill\" } ]\n}"u8, "my.json").Errors);
        Assert.Equal(shown.Value, error.ToString());
    }

    private static IEnumerable<string> Blocks(string fence)
    {
        foreach (string part in Page.Split(fence).Skip(1))
            yield return part[..part.IndexOf("```", StringComparison.Ordinal)];
    }
}
