using PortiaWatch.Pipeline.Configuration;

namespace PortiaWatch.Pipeline.Tests.Configuration;

public sealed class DurationTextTests
{
    [Theory]
    [InlineData("250ms", 250)]
    [InlineData("5s", 5_000)]
    [InlineData("1m", 60_000)]
    [InlineData("2h", 7_200_000)]
    [InlineData("90d", 7_776_000_000)]
    [InlineData("0s", 0)]
    [InlineData("999999d", 86_399_913_600_000)]
    public void TryParse_AcceptedForm_GivesItsLength(string text, long milliseconds)
    {
        Assert.True(DurationText.TryParse(text, out TimeSpan duration));
        Assert.Equal(milliseconds, (long)duration.TotalMilliseconds);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("ms")]
    [InlineData("-5s")]
    [InlineData("+5s")]
    [InlineData("5 s")]
    [InlineData("5S")]
    [InlineData("1.5s")]
    [InlineData("1m30s")]
    [InlineData("5sec")]
    [InlineData("9999999s")]
    [InlineData("٥s")]
    public void TryParse_AnythingElse_IsRefused(string? text) => Assert.False(DurationText.TryParse(text, out _));

    [Theory]
    [InlineData("250ms")]
    [InlineData("90s")]
    [InlineData("2m")]
    [InlineData("36h")]
    [InlineData("90d")]
    [InlineData("0s")]
    public void Of_WhatWasParsed_GivesItBack(string text)
    {
        Assert.True(DurationText.TryParse(text, out TimeSpan duration));
        Assert.Equal(text, DurationText.Of(duration));
    }
}
