using NSubstitute;
using PortiaWatch.Pipeline.Enrichment;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Pipeline.Tests.Enrichment;

public sealed class EnricherTests
{
    private readonly ISocketTable _sockets = Substitute.For<ISocketTable>();
    private readonly IProcessTable _processes = Substitute.For<IProcessTable>();
    private readonly Enricher _enricher;

    public EnricherTests()
    {
        _processes.CurrentUser.Returns(Some.Uid);
        _processes.UserName(Arg.Any<uint>()).Returns(call => $"user{call.Arg<uint>()}");
        _sockets.Blocking(default!, default).ReturnsForAnyArgs(Occupancy.Free);
        var lookup = new HolderLookup(_sockets, _processes, (_, _) => null, (_, _) => null);
        _enricher = new Enricher(lookup, _processes, new PortInference(_sockets, _processes, path => File.Exists(path) ? File.OpenHandle(path) : null));
    }

    [Fact]
    public void Enricher_BothSidesOfTheUser_IsConfirmed()
    {
        Runs(Some.Process(77));
        Holds(3000, 77);

        Incident incident = Enrich(Some.Sighting());

        Assert.True(incident.IsConfirmed);
        Assert.Equal(77, Assert.Single(incident.Holders).Process?.Identity.Pid);
    }

    [Fact]
    public void Enricher_TextOnly_LeavesOnlyTheContenderInDoubt()
    {
        Runs(Some.Process(77));
        Holds(3000, 77);

        Incident incident = Enrich(Some.Sighting(Some.Record(trust: Trust.Text, source: "stdin")));

        Assert.False(incident.IsConfirmed);
        Assert.True(incident.IsHolderConfirmed);
        Assert.Null(incident.Contender);
    }

    [Fact]
    public void Enricher_HolderYoungerThanTheFailure_IsDoubted()
    {
        Runs(Some.Process(77, startedAt: Some.Noon.AddSeconds(1)));
        Holds(3000, 77);

        Incident incident = Enrich(Some.Sighting());

        Assert.False(incident.IsHolderConfirmed);
        Assert.Contains(incident.Doubts, doubt => doubt.Contains("younger", StringComparison.Ordinal));
    }

    [Fact]
    public void Enricher_HolderOfAnotherUser_IsDoubtedAndNamed()
    {
        Runs(Some.Process(77, uid: 33));
        Holds(3000, 77);

        Incident incident = Enrich(Some.Sighting());

        Assert.False(incident.IsHolderConfirmed);
        Assert.Contains(incident.Doubts, doubt => doubt.Contains("not to you", StringComparison.Ordinal));
    }

    [Fact]
    public void Enricher_NamelessHolder_IsHeldAndNeverFree()
    {
        _sockets.Blocking(default!, default).ReturnsForAnyArgs(new Occupancy { State = PortState.Held, Owners = [Owner(3000, pid: null)] });

        Incident incident = Enrich(Some.Sighting());

        Assert.Equal(PortState.Held, incident.State);
        Assert.Null(Assert.Single(incident.Holders).Process);
        Assert.False(incident.IsHolderConfirmed);
    }

    [Fact]
    public void Enricher_ContenderOfAnotherUser_IsDoubted()
    {
        Runs(Some.Process(77));
        Holds(3000, 77);

        Incident incident = Enrich(Some.Sighting(Some.Record(sender: Some.Sender(uid: 33))));

        Assert.False(incident.IsConfirmed);
        Assert.True(incident.IsHolderConfirmed);
    }

    [Fact]
    public void Enricher_ContenderThatHoldsThePortItself_IsDoubted()
    {
        Runs(Some.Process(4121));
        Holds(3000, 4121);

        Assert.False(Enrich(Some.Sighting()).IsHolderConfirmed);
    }

    [Fact]
    public void Enricher_HolderPidGivenToAnotherProcessMeanwhile_IsNotDescribedAsIt()
    {
        Runs(Some.Process(77) with { Identity = new ProcessIdentity(77, 999_999, 1) });
        Holds(3000, 77);

        Incident incident = Enrich(Some.Sighting());

        Assert.Null(Assert.Single(incident.Holders).Process);
        Assert.False(incident.IsHolderConfirmed);
    }

    [Fact]
    public void Enricher_SenderPidGivenToAYoungerProcess_TakesNoFactsFromIt()
    {
        Runs(Some.Process(4121, name: "innocent", startedAt: Some.Noon.AddMinutes(1)));

        Incident incident = Enrich(Some.Sighting());

        Assert.Null(incident.Contender?.Facts);
        Assert.Equal("node", incident.Contender?.Name);
    }

    [Theory]
    [InlineData(PortState.Free, "Nobody holds")]
    [InlineData(PortState.TimeWait, "closed connections")]
    [InlineData(PortState.Reserved, "reserved")]
    public void Enricher_NobodyHoldsIt_SaysSoInItsOwnSentence(PortState state, string words)
    {
        _sockets.Blocking(default!, default).ReturnsForAnyArgs(new Occupancy { State = state });

        Incident incident = Enrich(Some.Sighting());

        Assert.False(incident.IsHolderConfirmed);
        Assert.Contains(incident.Doubts, doubt => doubt.Contains(words, StringComparison.Ordinal));
    }

    [Fact]
    public void Enricher_NoPortAndNoContender_NamesNobody()
    {
        Incident incident = Enrich(Some.Sighting(Some.Record(trust: Trust.Text), new Endpoint { Transport = Transport.Tcp }));

        Assert.Empty(incident.Holders);
        Assert.Equal(PortState.Unknown, incident.State);
        _sockets.DidNotReceiveWithAnyArgs().Blocking(default!, default);
    }

    [Fact]
    public void Enricher_PortOnTheCommandLineHeldByAnother_IsInferredAndNeverActedOn()
    {
        Runs(Some.Process(77));
        Runs(Some.Process(4121) with { Command = ["python3", "-m", "http.server", "8000"] });
        Holds(8000, 77);

        Incident incident = Enrich(Some.Sighting(endpoint: new Endpoint()));

        Assert.Equal(8000, incident.Endpoint.Port);
        Assert.Equal("the command line", incident.InferredFrom);
        Assert.False(incident.IsHolderConfirmed);
    }

    [Fact]
    public void Enricher_PortOnTheCommandLineThatNobodyHolds_IsNotInferred()
    {
        Runs(Some.Process(4121) with { Command = ["python3", "-m", "http.server", "8000"] });

        Assert.Null(Enrich(Some.Sighting(endpoint: new Endpoint())).Endpoint.Port);
    }

    [Fact]
    public void Enricher_PortOfTheEnvironmentHeldByAnother_IsInferred()
    {
        Runs(Some.Process(77));
        Runs(Some.Process(4121));
        _processes.EnvironmentVariable(4121, "PORT").Returns("5001");
        Holds(5001, 77);

        Incident incident = Enrich(Some.Sighting(endpoint: new Endpoint()));

        Assert.Equal(5001, incident.Endpoint.Port);
        Assert.Equal("its environment", incident.InferredFrom);
    }

    [Fact]
    public void Enricher_TwoHeldPortsOnTheCommandLine_InfersNeither()
    {
        Runs(Some.Process(77));
        Runs(Some.Process(4121) with { Command = ["server", "8000", "9000"] });
        Holds(8000, 77);
        Holds(9000, 77);

        Assert.Null(Enrich(Some.Sighting(endpoint: new Endpoint())).Endpoint.Port);
    }

    [Fact]
    public void Enricher_PortOfTheUnitsSocketHeldByAnother_IsInferred()
    {
        Runs(Some.Process(77));
        Runs(Some.Process(4121));
        _processes.DeclaredPorts("shop.service").Returns([5002]);
        Holds(5002, 77);

        Incident incident = Enrich(Some.Sighting(Some.Record(sender: Some.Sender() with { Unit = "shop.service" }), new Endpoint()));

        Assert.Equal(5002, incident.Endpoint.Port);
        Assert.Equal("its unit's socket definition", incident.InferredFrom);
    }

    [Theory]
    [InlineData("app.conf", "# listen 5004\nworkers 16\nlisten 127.0.0.1:5003;\n")]
    [InlineData("--config=app.toml", "[server]\nport = 5003\n")]
    [InlineData("app.json", "{ \"timeout\": 5004, \"port\": 5003 }")]
    [InlineData("app.yml", "server:\n  bind: \"0.0.0.0:5003\"\n")]
    public void Enricher_PortOfTheConfigurationFileHeldByAnother_IsInferred(string argument, string text)
    {
        using var folder = new TemporaryConfiguration(argument[(argument.IndexOf('=', StringComparison.Ordinal) + 1)..], text);
        Runs(Some.Process(77));
        Runs(Some.Process(4121, folder: folder.Path) with { Command = ["server", argument] });
        Holds(5003, 77);
        Holds(5004, 77);

        Incident incident = Enrich(Some.Sighting(endpoint: new Endpoint()));

        Assert.Equal(5003, incident.Endpoint.Port);
        Assert.Equal("its configuration file", incident.InferredFrom);
    }

    [Theory]
    [InlineData("/home/dev/shop", true)]
    [InlineData("/home/dev/blog", false)]
    public void Enricher_Projects_AreCompared(string folder, bool same)
    {
        Runs(Some.Process(77));
        Runs(Some.Process(4121, folder: folder));
        Holds(3000, 77);

        Assert.Equal(same, Enrich(Some.Sighting()).IsSameProject);
    }

    [Fact]
    public void Enricher_LookupThatFails_GivesAnIncidentMarkedUnknown()
    {
        _sockets.Blocking(default!, default).ReturnsForAnyArgs(_ => throw new IOException("netlink is gone"));

        Incident incident = Enrich(Some.Sighting());

        Assert.Equal(PortState.Unknown, incident.State);
        Assert.False(incident.IsHolderConfirmed);
        Assert.Contains(incident.Doubts, doubt => doubt.Contains("netlink is gone", StringComparison.Ordinal));
    }

    private Incident Enrich(Sighting sighting) => _enricher.Enrich(Some.Collision(sighting));

    private void Runs(ProcessFacts process)
    {
        _processes.Describe(process.Identity.Pid).Returns(process);
        _processes.Identify(process.Identity.Pid).Returns(process.Identity);
    }

    private void Holds(int port, int pid) => _sockets.Blocking(Arg.Is<Endpoint>(endpoint => endpoint.Port == port), Arg.Any<int?>())
        .Returns(new Occupancy { State = PortState.Held, Owners = [Owner(port, pid)] });

    private static SocketOwner Owner(int port, int? pid) => new()
    {
        Endpoint = Some.Tcp(port, "127.0.0.1"),
        Use = SocketUse.Listening,
        Socket = 5000,
        Uid = 0,
        Process = pid is { } number ? new ProcessIdentity(number, (ulong)number * 1000, 1) : null,
    };

    private sealed class TemporaryConfiguration : IDisposable
    {
        public TemporaryConfiguration(string name, string text) => File.WriteAllText(System.IO.Path.Combine(Path, name), text);

        public string Path { get; } = Directory.CreateTempSubdirectory("portia-test-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
