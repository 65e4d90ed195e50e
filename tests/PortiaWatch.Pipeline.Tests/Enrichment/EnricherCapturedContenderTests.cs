using NSubstitute;
using PortiaWatch.Pipeline.Enrichment;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Pipeline.Tests.Enrichment;

/// <summary>What a source captured of the refused process, and what can still be read of it.</summary>
public sealed class EnricherCapturedContenderTests
{
    private readonly ISocketTable _sockets = Substitute.For<ISocketTable>();
    private readonly IProcessTable _processes = Substitute.For<IProcessTable>();
    private readonly ProcessFacts _captured = Some.Process(pid: 4121) with { Supervisor = null, StartedAt = Some.Noon.AddMinutes(-1) };

    public EnricherCapturedContenderTests() => _sockets.Blocking(default!, default).ReturnsForAnyArgs(Occupancy.Free);

    [Fact]
    public void Enricher_CapturedAndGone_KeepsWhatWasCaptured() => Assert.Equal(_captured, Enrich());

    [Fact]
    public void Enricher_CapturedAndAlive_AddsWhatCanBeReadNow()
    {
        Supervisor supervisor = new("systemd", "shop.service", []);
        _processes.Describe(4121).Returns(_captured with { Supervisor = supervisor, WorkingDirectory = "/elsewhere" });

        ProcessFacts? facts = Enrich();

        Assert.Equal(supervisor, facts?.Supervisor);
        Assert.Equal(_captured.WorkingDirectory, facts?.WorkingDirectory);
    }

    [Theory]
    [InlineData("node", 1ul)]
    [InlineData("sleep", 0ul)]
    public void Enricher_AnotherProgramNow_KeepsWhatWasCaptured(string name, ulong younger)
    {
        ProcessIdentity identity = _captured.Identity with { Generation = _captured.Identity.Generation + younger };
        _processes.Describe(4121).Returns(_captured with { Name = name, Identity = identity, Command = ["another"] });

        Assert.Equal(_captured, Enrich());
    }

    private ProcessFacts? Enrich()
    {
        Sender sender = Some.Sender() with { Facts = _captured };
        Collision collision = Some.Collision(Some.Sighting(Some.Record(trust: Trust.Kernel, source: "kernel", sender: sender)));
        HolderLookup lookup = new(_sockets, _processes, (_, _) => null, (_, _) => null);
        return new Enricher(lookup, _processes, new PortInference(_sockets, _processes)).Enrich(collision).Contender?.Facts;
    }
}
