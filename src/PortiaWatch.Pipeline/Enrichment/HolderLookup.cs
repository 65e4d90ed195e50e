using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Rules;
using PortiaWatch.Pipeline.Striking;

namespace PortiaWatch.Pipeline.Enrichment;

/// <summary>Who holds an endpoint: the socket table's owners with everything a person or a rule wants to know of them.</summary>
/// <param name="sockets">The kernel's sockets.</param>
/// <param name="processes">The system's processes.</param>
/// <param name="protection">Why a process must not be signalled; null when nothing protects it.</param>
/// <param name="known">The entry of squatters.json that knows the program; null for all others.</param>
public sealed class HolderLookup(
    ISocketTable sockets,
    IProcessTable processes,
    Func<ProcessFacts, Endpoint, string?> protection,
    Func<ProcessFacts, Endpoint, Squatter?> known)
{
    private const int MostLooks = 3;

    /// <summary>Everybody who blocks a bind to <paramref name="endpoint"/> right now, one entry per process and local endpoint.</summary>
    /// <param name="endpoint">Must be complete.</param>
    /// <param name="contenderPid">Selects the network namespace; null means ours.</param>
    /// <param name="foreignNetwork">That namespace, where it is known to be another than ours.</param>
    public Holding Find(Endpoint endpoint, int? contenderPid, ulong? foreignNetwork = null)
    {
        for (int look = 1; ; look++)
        {
            Occupancy occupancy = sockets.Blocking(endpoint, contenderPid, foreignNetwork);
            List<Holder> holders = Describe(occupancy.Owners, out bool isStale);
            if (!isStale || look == MostLooks)
                return new(occupancy.State, holders, occupancy.Limit);
        }
    }

    /// <summary>Every listening endpoint with its holder.</summary>
    public IReadOnlyList<Holder> All() => Describe(sockets.Listeners(), out _);

    // Stale: an owner has ended or become another program since it was found. A holder that starts a program is two for a moment, until that executes.
    private List<Holder> Describe(IReadOnlyList<SocketOwner> owners, out bool isStale)
    {
        // One process is described once, however many sockets it has.
        var described = new Dictionary<ProcessIdentity, ProcessFacts?>();
        var holders = new List<Holder>(owners.Count);
        var seen = new HashSet<(ProcessIdentity?, Endpoint, SocketUse)>();
        foreach (SocketOwner owner in owners)
        {
            if (owner.Process is not null && !seen.Add((owner.Process, owner.Endpoint, owner.Use)))
                continue;
            holders.Add(Describe(owner, described));
        }

        isStale = described.Any(pair => pair.Value is null || (pair.Key.Image is not null && pair.Value.Identity != pair.Key));
        return holders;
    }

    private Holder Describe(SocketOwner owner, Dictionary<ProcessIdentity, ProcessFacts?> described)
    {
        ProcessFacts? facts = null;
        if (owner.Process is { } identity && !described.TryGetValue(identity, out facts))
        {
            facts = processes.Describe(identity.Pid);

            // Gone between listing and reading, and its pid given to somebody else: the facts would be of the wrong process.
            if (facts is not null && facts.Identity.Generation != identity.Generation)
                facts = null;
            described.Add(identity, facts);
        }

        facts = facts is null ? null : processes.AtEndpoint(facts, owner.Endpoint) ?? facts;

        // A connection that is over belongs to nobody; the kernel calls it root's.
        uint? uid = facts?.Uid ?? (owner.Use == SocketUse.TimeWait ? null : owner.Uid);
        Squatter? squatter = facts is null ? null : known(facts, owner.Endpoint);
        return new Holder
        {
            Endpoint = owner.Endpoint,
            Use = owner.Use,
            Process = facts,
            Uid = uid,
            User = facts?.User ?? (uid is { } number ? processes.UserName(number) : null),
            Unit = owner.Unit,
            Protection = facts is null ? null : protection(facts, owner.Endpoint) ?? NoReasonToStop(facts, owner),
            Known = squatter?.Name,
            Advice = facts?.Supervisor is { IsProxy: true } ? SupervisorAdvice(facts) : squatter?.Advice ?? SupervisorAdvice(facts),
        };
    }

    // What the strike would refuse anyway is said before anybody is asked.
    private static string? NoReasonToStop(ProcessFacts facts, SocketOwner owner) => owner.Use == SocketUse.Connected ? "Only a connection of its own keeps the port, and that is no reason to stop a program."
        : facts.Identity.Image is null ? "Its identity cannot be read completely."
        : null;

    // Supervisors, their programs and containers are named by strangers, and a command is there to be pasted.
    private static string? SupervisorAdvice(ProcessFacts? facts) => facts switch
    {
        { Supervisor: { IsProxy: true } supervisor } => $"It publishes the port for {Words.Clean(supervisor.Kind)} container {Words.Clean(supervisor.Name)}; stop that with: {Words.Command(supervisor.StopCommand)}",
        { Supervisor: { Kind: "docker" or "podman", StopCommand.Count: > 0 } supervisor } => $"It runs in {Words.Clean(supervisor.Kind)} container {Words.Clean(supervisor.Name)}; stop that with: {Words.Command(supervisor.StopCommand)}",
        { Supervisor: { StopCommand.Count: > 0 } supervisor } => $"{HolderWords.Of(supervisor)} will start it again; stop it with: {Words.Command(supervisor.StopCommand)}",
        { Supervisor: { } supervisor } => $"{HolderWords.Of(supervisor)} will start it again; stop that first.",
        { Container: { } container } => $"It belongs to container {Words.Clean(container)}; stop the container.",
        _ => null,
    };
}
