using PortiaWatch.Pipeline.Detection;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Pipeline.Tests.Detection;

/// <summary>Records of a source that knows the endpoint itself.</summary>
public sealed class ReportedEndpointTests
{
    [Theory]
    [InlineData(SightingKind.Collision, "node was refused 127.0.0.1:3000")]
    [InlineData(SightingKind.Soft, "node was refused 127.0.0.1:3000 and serves on another port")]
    public void Detector_ReportedEndpoint_IsOneSightingOfItsKind(SightingKind kind, string text)
    {
        Sighting sighting = Detect(Some.Record(source: "kernel", sender: Some.Sender()) with { Reported = Some.Tcp(address: "127.0.0.1"), ReportedKind = kind });

        Assert.Equal(kind, sighting.Kind);
        Assert.Equal(text, sighting.Text);
    }

    [Fact]
    public void Detector_HostileNameAndPath_AreShownClean()
    {
        Endpoint endpoint = new() { Transport = Transport.Unix, Path = "/tmp/\u001b[2Jx" };

        Sighting sighting = Detect(Some.Record(sender: Some.Sender(name: "a\nb")) with { Reported = endpoint });

        Assert.DoesNotContain(sighting.Text, char.IsControl);
    }

    private static Sighting Detect(LogRecord record)
    {
        List<Sighting> sightings = [];
        new Detector().Detect(record, sightings);
        return Assert.Single(sightings);
    }
}
