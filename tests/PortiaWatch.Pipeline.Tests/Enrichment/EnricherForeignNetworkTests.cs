using NSubstitute;
using PortiaWatch.Pipeline.Enrichment;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Pipeline.Tests.Enrichment;

/// <summary>A refusal in another network namespace is never blamed on who holds the same port in ours.</summary>
public sealed class EnricherForeignNetworkTests
{
    private static readonly Endpoint s_endpoint = new() { Transport = Transport.Tcp, Address = "127.0.0.1", Port = 3000 };
    private static readonly ProcessIdentity s_identity = new(4121, 700, null);

    private readonly ISocketTable _sockets = Substitute.For<ISocketTable>();
    private readonly IProcessTable _processes = Substitute.For<IProcessTable>();

    [Fact]
    public void Enricher_ContenderOfAnotherNetworkGone_LooksAtNobody()
    {
        Incident incident = Enrich();

        Assert.Equal(PortState.Unknown, incident.State);
        Assert.False(incident.IsConfirmed);
        Assert.Contains(incident.Doubts, doubt => doubt.Contains("another network namespace", StringComparison.Ordinal));
        _sockets.DidNotReceiveWithAnyArgs().Blocking(default!, default);
    }

    [Fact]
    public void Enricher_ContenderOfAnotherNetworkAlive_LooksThroughIt()
    {
        _processes.Identify(4121).Returns(s_identity);
        _sockets.Blocking(s_endpoint, 4121, 4026532300).Returns(Occupancy.Free);

        Assert.Equal(PortState.Free, Enrich().State);
    }

    [Fact]
    public void Enricher_ContendersPidGivenToAnother_IsNotLookedThrough()
    {
        _processes.Identify(4121).Returns(s_identity with { Generation = 701 });

        Assert.Equal(PortState.Unknown, Enrich().State);
    }

    [Theory]
    [InlineData(false, PortState.TimeWait)]
    [InlineData(true, PortState.Unknown)]
    public void Enricher_ContenderEndsDuringTheLookup_IsLookedForAtHomeUnlessKnownToHaveBeenElsewhere(bool isElsewhere, PortState expected)
    {
        _processes.Identify(4121).Returns(s_identity, (ProcessIdentity?)null);
        _sockets.Blocking(default!, default).ReturnsForAnyArgs(new Occupancy { State = PortState.TimeWait });
        _sockets.Blocking(s_endpoint, 4121, isElsewhere ? 4026532300 : null).Returns(new Occupancy { State = PortState.Unknown });

        Assert.Equal(expected, Enrich(isElsewhere).State);
    }

    private Incident Enrich(bool isElsewhere = true)
    {
        Sender sender = Some.Sender() with
        {
            ForeignNetwork = isElsewhere ? 4026532300 : null,
            Facts = Some.Process() with { Identity = s_identity, StartedAt = null },
        };
        Collision collision = Some.Collision(Some.Sighting(Some.Record(trust: Trust.Kernel, source: "kernel", sender: sender), s_endpoint));
        HolderLookup lookup = new(_sockets, _processes, (_, _) => null, (_, _) => null);
        return new Enricher(lookup, _processes, new PortInference(_sockets, _processes)).Enrich(collision);
    }
}
