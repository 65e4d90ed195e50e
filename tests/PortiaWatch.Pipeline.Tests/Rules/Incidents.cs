using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Pipeline.Tests.Rules;

/// <summary>Incidents that a rule about dev servers may act on; a test spoils what it is about.</summary>
internal static class Incidents
{
    public static Incident Confirmed(int? port = 3000, ProcessFacts? holder = null) => new()
    {
        Id = "i1",
        Collision = Some.Collision(Some.Sighting(endpoint: Some.Tcp(port))),
        Endpoint = Some.Tcp(port),
        Contender = Some.Sender(9001) with { Facts = Some.Process(9001) },
        State = PortState.Held,
        Holders = [Held(holder ?? Some.Process(), port)],
        Doubts = [],
        IsHolderConfirmed = true,
        IsSameProject = true,
    };

    public static Holder Held(ProcessFacts? process, int? port = 3000) =>
        new() { Endpoint = Some.Tcp(port, "*"), Use = SocketUse.Listening, Process = process, Uid = process?.Uid, User = process?.User };

    public static Incident WithEvidence(this Incident incident, Func<Sighting, Sighting> change) =>
        incident with { Collision = incident.Collision with { Evidence = change(incident.Collision.Evidence) } };

    /// <summary>What a line on standard input gives: nobody vouches for the contender.</summary>
    public static Incident FromText(this Incident incident) =>
        incident.WithEvidence(e => e with { Record = Some.Record(trust: Trust.Text, source: "stdin") })
            with
        { Contender = null, IsSameProject = false, Doubts = ["nobody vouches for who was refused"] };
}
