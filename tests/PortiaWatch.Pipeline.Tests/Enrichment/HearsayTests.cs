using PortiaWatch.Pipeline.Enrichment;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Pipeline.Tests.Enrichment;

public sealed class HearsayTests
{
    [Theory]
    [InlineData("node", 1, true)]
    [InlineData("node", 119, true)]
    [InlineData("node", 121, false)]
    [InlineData("node", null, true)]
    [InlineData("logger", null, false)]
    [InlineData("logger", 1, false)]
    [InlineData("systemd-cat", null, false)]
    [InlineData("cat", null, false)]
    [InlineData(null, null, false)]
    public void Objection_WhoSpeaksForItself_IsBelievedAndNobodyElse(string? name, int? secondsOld, bool isBelieved)
    {
        Sender sender = Some.Sender(name: name) with { Facts = secondsOld is { } age ? Some.Process(name: name ?? "x", startedAt: Some.Noon.AddSeconds(-age)) : null };

        Assert.Equal(isBelieved, Hearsay.Objection(sender, Some.Noon) is null);
    }
}
