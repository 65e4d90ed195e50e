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
}
