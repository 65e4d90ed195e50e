using NSubstitute;
using PortiaWatch.Pipeline.Enrichment;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Pipeline.Tests.Enrichment;

/// <summary>What is ours is not looked at for a refusal in another folder, or in a container.</summary>
public sealed class EnricherElsewhereTests
{
    private readonly ISocketTable _sockets = Substitute.For<ISocketTable>();
    private readonly IProcessTable _processes = Substitute.For<IProcessTable>();

    [Fact]
    public void Enricher_TextOfAContainerRelay_LooksAtNobody()
    {
        Incident incident = Enrich(new Sender(0) { Elsewhere = "container web", IsRelayed = true }, Some.Tcp());

        Assert.Equal((PortState.Unknown, false), (incident.State, incident.IsConfirmed));
        _sockets.DidNotReceiveWithAnyArgs().Blocking(default!, default);
    }

    [Theory]
    [InlineData("./app.sock", null)]
    [InlineData("~/app.sock", "/home/dev/shop")]
    public void Enricher_RelativePathOfNoKnownFolder_LooksAtNobody(string path, string? folder)
    {
        Incident incident = Enrich(Contender(folder), Unix(path));

        Assert.Equal(PortState.Unknown, incident.State);
        Assert.NotNull(incident.Limit);
        _sockets.DidNotReceiveWithAnyArgs().Blocking(default!, default);
    }

    [Fact]
    public void Enricher_RelativePathOfAKnownFolder_IsLookedUpThere()
    {
        _sockets.Blocking(default!, default).ReturnsForAnyArgs(Occupancy.Free);

        Incident incident = Enrich(Contender("/home/dev/shop"), Unix("../run/app.sock"));

        Assert.Equal(Unix("/home/dev/run/app.sock"), incident.Endpoint);
        Assert.Equal(PortState.Free, incident.State);
    }

    private static Endpoint Unix(string path) => new() { Transport = Transport.Unix, Path = path };

    private static Sender Contender(string? folder) => Some.Sender() with { Facts = Some.Process(4121, folder: folder) };

    private Incident Enrich(Sender sender, Endpoint endpoint)
    {
        HolderLookup lookup = new(_sockets, _processes, (_, _) => null, (_, _) => null);
        return new Enricher(lookup, _processes, new PortInference(_sockets, _processes)).Enrich(Some.Collision(Some.Sighting(Some.Record(sender: sender), endpoint)));
    }
}
