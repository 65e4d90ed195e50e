using System.Text.Json;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Verbs;

public sealed class DoctorVerbTests
{
    [Fact]
    public async Task Doctor_EndsWithASelfTestThatFreesAPortOfItsOwn()
    {
        Portia.Answer answer = await Portia.RunAsync("doctor", "--json");

        Assert.True(answer.ExitCode is 0 or 1, answer.Output + answer.Messages);
        JsonElement selfTest = answer.JsonLines[^1];
        Assert.Equal("portia.check/1", selfTest.GetProperty("schema").GetString());
        Assert.Equal("self-test", selfTest.GetProperty("name").GetString());
        Assert.Equal("ok", selfTest.GetProperty("state").GetString());
    }

    [Fact]
    public async Task Doctor_WhatIsNotOk_MakesTheAnswerNo()
    {
        Portia.Answer answer = await Portia.RunAsync("doctor", "--json");

        bool allOk = answer.JsonLines.All(check => check.GetProperty("state").GetString() == "ok");
        Assert.Equal(allOk ? 0 : 1, answer.ExitCode);
    }

    [Fact]
    public async Task Doctor_BrokenConfiguration_IsBrokenWithTheCommandThatShowsIt()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "portia"));
        folder.Write("portia/portia.json", """{ "rules": [ { "action": "explode" } ] }""");

        Portia.Answer answer = await Portia.RunAsync(["doctor", "--json"], ("XDG_CONFIG_HOME", folder.Path));

        JsonElement check = answer.JsonLines.Single(line => line.GetProperty("name").GetString() == "configuration");
        Assert.Equal((5, "broken", "portia rules check"), (answer.ExitCode, check.GetProperty("state").GetString(), check.GetProperty("mend").GetString()));
        Assert.Contains("$.rules[0].action", check.GetProperty("sentence").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_EveryPart_IsNamedOnce()
    {
        Portia.Answer answer = await Portia.RunAsync("doctor", "--json");

        string?[] names = [.. answer.JsonLines.Select(line => line.GetProperty("name").GetString())];
        Assert.Equal(names.Distinct(), names);
        Assert.Superset(new HashSet<string?>(["socket table", "signals", "system log", "notifications", "background watcher", "configuration", "log files", "control socket", "history", "self-test"]), new HashSet<string?>(names));
    }
}
