using PortiaWatch.Pipeline.Enrichment;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Verbs;

/// <summary>An incident put together from what the user describes. What is not described is not known, and rules treat it so.</summary>
internal sealed record DescribedIncident
{
    public Endpoint? Endpoint { get; init; }

    public string? Process { get; init; }

    public bool? SameProject { get; init; }

    public bool Orphan { get; init; }

    public TimeSpan? Age { get; init; }

    public Trust Trust { get; init; } = Trust.System;

    public PortState State { get; init; } = PortState.Held;

    public SightingKind Kind { get; init; } = SightingKind.Collision;

    /// <summary>Kind of supervisor (systemd, pm2, …).</summary>
    public string? Supervisor { get; init; }

    /// <summary>The holder is another user's.</summary>
    public bool OtherUser { get; init; }

    /// <summary>As confirmed as its trust allows: text vouches for no contender.</summary>
    public Incident ToIncident(Squatters squatters, DateTimeOffset now)
    {
        Endpoint endpoint = Endpoint ?? new Endpoint { Transport = Transport.Tcp };
        PortState state = Endpoint is null ? PortState.Unknown : State;
        Holder[] holders = state == PortState.Held ? [ToHolder(endpoint, squatters, now)] : [];
        List<string> holderDoubts = [];
        if (Endpoint is null)
            holderDoubts.Add("The message does not name the port, so nobody can be looked up.");
        else if (state != PortState.Held)
            holderDoubts.Add($"Nobody is seen to hold {endpoint}.");
        else if (OtherUser)
            holderDoubts.Add("The holder belongs to another user, not to you.");
        List<string> contenderDoubts = Trust == Trust.Text ? ["Anybody can write this text, so nobody vouches for who was refused."] : [];
        return new Incident
        {
            Id = "described",
            Collision = ToCollision(endpoint, now),
            Endpoint = endpoint,
            Contender = Trust == Trust.Text ? null : new Sender(0) { Facts = ToFacts("contender", now, SameProject is null ? null : "/project", null) },
            State = state,
            Holders = holders,
            Doubts = [.. contenderDoubts, .. holderDoubts],
            IsHolderConfirmed = holderDoubts.Count == 0,
            IsSameProject = SameProject == true,
        };
    }

    private Holder ToHolder(Endpoint endpoint, Squatters squatters, DateTimeOffset now)
    {
        ProcessFacts facts = ToFacts(Process ?? "the holder", now, SameProject switch { true => "/project", false => "/elsewhere", null => null }, Age) with
        {
            IsOrphan = Orphan,
            Supervisor = Supervisor is null ? null : new Supervisor(Supervisor, Process ?? "its service", []),
        };
        Squatter? squatter = squatters.Find(facts, endpoint);
        return new Holder
        {
            Endpoint = endpoint,
            Use = SocketUse.Listening,
            Process = OtherUser ? null : facts,
            User = OtherUser ? "another" : null,
            Known = squatter?.Name,
            Advice = squatter?.Advice,
        };
    }

    private static ProcessFacts ToFacts(string name, DateTimeOffset now, string? folder, TimeSpan? age) => new()
    {
        Identity = new ProcessIdentity(0, 0, null),
        Name = name,
        WorkingDirectory = folder,
        Project = folder,
        StartedAt = age is { } known ? now - known : null,
    };

    private Collision ToCollision(Endpoint endpoint, DateTimeOffset now) => new()
    {
        Evidence = new Sighting
        {
            Record = new LogRecord { Text = default, Source = Trust == Trust.Text ? "stdin" : "described", Trust = Trust, Time = now, ReadAt = now },
            Kind = Kind,
            Endpoint = endpoint,
            Pattern = "described",
            Text = "",
        },
        First = now,
        Last = now,
        Count = 1,
        Sources = ["described"],
    };
}
