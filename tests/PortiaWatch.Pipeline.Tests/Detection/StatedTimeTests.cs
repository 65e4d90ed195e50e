using System.Globalization;
using System.Text;
using PortiaWatch.Pipeline.Detection;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Pipeline.Tests.Detection;

/// <summary>Old text that arrives now is old; no text makes itself younger, and a time without a zone says nothing.</summary>
public sealed class StatedTimeTests
{
    private const string Failure = "Error: listen EADDRINUSE: address already in use :::3000";

    [Theory]
    [InlineData("2020-01-01T00:00:00Z " + Failure, "2020-01-01T00:00:01Z")]
    [InlineData("2020-01-01 02:00:00.250+0200 " + Failure, "2020-01-01T00:00:00.251Z")]
    [InlineData("[2020/01/01 00:00:00 UTC] " + Failure, "2020-01-01T00:00:01Z")]
    [InlineData("2020-01-01T00:00:00.000000000Z stderr F " + Failure, "2020-01-01T00:00:00.0000001Z")]
    [InlineData("web-1  | 2020-01-01T00:00:00Z " + Failure, "2020-01-01T00:00:01Z")]
    [InlineData("1577836800: " + Failure, "2020-01-01T00:00:01Z")]
    [InlineData("time=\"2020-01-01T00:00:00Z\" level=error msg=\"" + Failure + "\"", "2020-01-01T00:00:01Z")]
    [InlineData("{\"time\":1577836800000,\"msg\":\"" + Failure + "\"}", "2020-01-01T00:00:00.001Z")]
    [InlineData("{\"log\":\"" + Failure + "\\n\",\"stream\":\"stderr\",\"time\":\"2020-01-01T00:00:00.5Z\"}", "2020-01-01T00:00:00.6Z")]
    [InlineData("2020-01-01T00:00:00 " + Failure, null)]
    [InlineData("2020-01-01 00:00:00 " + Failure, null)]
    [InlineData("2031-01-01T00:00:00Z " + Failure, null)]
    [InlineData("{\"time\":\"2031-01-01T00:00:00Z\",\"msg\":\"" + Failure + "\"}", null)]
    [InlineData("{\"__CURSOR\":\"a\",\"__REALTIME_TIMESTAMP\":\"1924992000000000\",\"MESSAGE\":\"" + Failure + "\"}", null)]
    [InlineData("9999-12-31T23:59:59Z " + Failure, null)]
    [InlineData(Failure, null)]
    public void Detect_LiveText_IsAsOldAsItSays(string line, string? expected)
    {
        var detector = new Detector();
        var into = new List<Sighting>();

        detector.Detect(Some.Record(line + "\n", Trust.Text, "stdin"), into);
        detector.Complete(into);

        var time = expected is null ? Some.Noon : DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture);
        Assert.Equal(time, Assert.Single(into).Record.Time);
    }

    [Fact]
    public void Read_AnyText_NeverThrows()
    {
        var random = new Random(7);
        const string Alphabet = "0123456789-/T: .,+ZUC[\"=time";
        for (var round = 0; round < 20_000; round++)
        {
            var text = new StringBuilder("1999-12-31T23:59:59.5+01:00");
            for (var change = random.Next(6); change > 0; change--)
                text[random.Next(text.Length)] = Alphabet[random.Next(Alphabet.Length)];
            _ = StatedTime.Read(text.ToString());
        }
    }
}
