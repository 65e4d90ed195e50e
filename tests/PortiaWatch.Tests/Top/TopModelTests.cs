using PortiaWatch.Pipeline.Events;
using PortiaWatch.Top;
using Spectre.Console;

namespace PortiaWatch.Tests.Top;

public sealed class TopModelTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private readonly TopModel _model = new();

    public TopModelTests() => _model.SetPorts([Row(8080, "nginx", 30), Row(3000, "node", 10, "/home/ada/shop"), Row(5432, "postgres", 900)]);

    [Fact]
    public void Filter_WordsOfARow_LeavesOnlyRowsWithAllOfThem()
    {
        _model.SetFilter("NODE shop");
        Assert.Equal([3000], Ports);
        _model.SetFilter("node nginx");
        Assert.Empty(_model.Ports);
        Assert.Null(_model.SelectedPort);
    }

    [Fact]
    public void Sort_EachOrder_IsWhatItSays()
    {
        Assert.Equal([3000, 5432, 8080], Ports);
        _model.SortNext();
        Assert.Equal([8080, 3000, 5432], Ports);
        _model.SortNext();
        Assert.Equal([3000, 8080, 5432], Ports);
        _model.SortNext();
        Assert.Equal(3000, Ports[0]);
        _model.SortNext();
        Assert.Equal(PortOrder.Port, _model.Order);
    }

    [Fact]
    public void Selection_ListThatChanges_StaysOnItsRow()
    {
        _model.Move(1);
        Assert.Equal(5432, _model.SelectedPort?.Endpoint.Port);

        _model.SetPorts([Row(80, "nginx", 1), Row(5432, "postgres", 900), Row(3000, "node", 10)]);

        Assert.Equal(5432, _model.SelectedPort?.Endpoint.Port);
    }

    [Fact]
    public void Selection_RowThatGoes_StaysInItsPlace()
    {
        _model.Move(int.MaxValue);
        _model.SetPorts([Row(3000, "node", 10), Row(5432, "postgres", 900)]);
        Assert.Equal(5432, _model.SelectedPort?.Endpoint.Port);
        _model.SetPorts([]);
        Assert.Null(_model.SelectedPort);
    }

    [Fact]
    public void Mute_SelectedPort_HidesItsRowsAndItsIncidentsUntilAllAreShown()
    {
        _model.AddIncidents([Incident("a", 3000, Noon), Incident("b", 5432, Noon)]);

        Assert.Equal("tcp/3000", _model.Mute());

        Assert.Equal([5432, 8080], Ports);
        Assert.Equal(["b"], _model.Incidents.Select(row => row.Id));
        _model.UnmuteAll();
        Assert.Equal(3, _model.Ports.Count);
        Assert.Equal(2, _model.Incidents.Count);
    }

    [Fact]
    public void Incidents_OutcomeOfAKnownOne_TakesItsPlace()
    {
        _model.AddIncidents([Incident("a", 3000, Noon), Incident("b", 5432, Noon.AddSeconds(5))]);
        _model.AddIncidents([Incident("a", 3000, Noon) with { Outcome = "freed" }]);

        Assert.Equal(["b", "a"], _model.Incidents.Select(row => row.Id));
        Assert.Equal("freed", _model.Incidents[1].Outcome);
    }

    [Fact]
    public void Incidents_NewOneWhileTheFirstRowIsSelected_ShowsTheNewOne()
    {
        _model.SwitchPane();
        _model.AddIncidents([Incident("a", 3000, Noon)]);
        _model.AddIncidents([Incident("b", 5432, Noon.AddSeconds(5))]);
        Assert.Equal("b", _model.SelectedIncident?.Id);

        _model.Move(1);
        _model.AddIncidents([Incident("c", 80, Noon.AddSeconds(9))]);
        Assert.Equal("a", _model.SelectedIncident?.Id);
    }

    [Fact]
    public void Question_RecycledPid_IsNotTheProcessThatWasSeen()
    {
        PortRow seen = Row(3000, "node", 10);
        PortRow now = seen with { Holders = [seen.Holders[0] with { Process = seen.Holders[0].Process! with { Identity = seen.Holders[0].Process!.Identity with { Generation = 99 } } }] };

        Assert.False(new StrikeQuestion(now.Endpoint, new(PortState.Held, now.Holders, null)).IsStill(seen));
        Assert.True(new StrikeQuestion(seen.Endpoint, new(PortState.Held, seen.Holders, null)).IsStill(seen));
    }

    private int?[] Ports => [.. _model.Ports.Select(row => row.Endpoint.Port)];

    internal static PortRow Row(int port, string name, int secondsOld, string? folder = null)
    {
        var endpoint = new Endpoint { Transport = Transport.Tcp, Address = "127.0.0.1", Port = port };
        var process = new ProcessFacts { Identity = new ProcessIdentity(port, 7, 8), Name = name, WorkingDirectory = folder, StartedAt = Noon.AddSeconds(-secondsOld) };
        return new PortRow(endpoint, [new Holder { Endpoint = endpoint, Use = SocketUse.Listening, Process = process }]);
    }

    internal static IncidentRow Incident(string id, int port, DateTimeOffset at) => new()
    {
        Id = id,
        At = at,
        Endpoint = new Endpoint { Transport = Transport.Tcp, Address = "127.0.0.1", Port = port },
        Port = $"{port}",
        Refused = "node",
        HeldBy = "node",
        Outcome = "logged",
        Color = Color.Default,
    };
}
