using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Policies;
using PortiaWatch.Pipeline.Tests.Rules;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Pipeline.Tests.Policies;

public sealed class StrikeOrdersTests
{
    private static readonly Incident Elsewhere = Incidents.Confirmed() with { Contender = Some.Sender(9001) with { ForeignNetwork = 4026532000 } };

    [Fact]
    public void Refusal_ContenderOfAnotherNetworkIsGone_StopsNobody()
    {
        Assert.Equal(OutcomeKind.Refused, StrikeOrders.Refusal(Elsewhere, null)?.Kind);
        Assert.Null(StrikeOrders.Refusal(Elsewhere, 9001));
    }

    [Fact]
    public void Refusal_ContenderOfOurNetworkIsGone_IsNone() => Assert.Null(StrikeOrders.Refusal(Incidents.Confirmed(), null));
}
