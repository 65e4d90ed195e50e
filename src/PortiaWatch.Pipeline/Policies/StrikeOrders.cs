using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Striking;

namespace PortiaWatch.Pipeline.Policies;

/// <summary>What a verdict orders.</summary>
public static class StrikeOrders
{
    /// <summary>The incident's holders and nobody else, with the rule's own grace and force where it gives them.</summary>
    /// <param name="verdict">With the holders as they were when it was decided.</param>
    /// <param name="settings">The settings in force now.</param>
    /// <param name="isDryRun">Walk the path, stop before the call.</param>
    /// <param name="contenderPid">Selects the network namespace; must be alive; null means ours.</param>
    public static StrikeOrder For(Verdict verdict, Settings settings, bool isDryRun, int? contenderPid = null) => new()
    {
        Endpoint = verdict.Incident.Endpoint,
        Targets = verdict.Incident.Holders,
        Settings = settings.Strike with
        {
            Grace = verdict.Rule.Grace ?? settings.Strike.Grace,
            Force = verdict.Rule.Force ?? settings.Strike.Force,
        },
        Protect = settings.Protect,
        ContenderPid = contenderPid,
        ForeignNetwork = verdict.Incident.Contender?.ForeignNetwork,
        IsDryRun = isDryRun,
    };

    /// <summary>Why nothing can be ordered: with the refused program gone, its network cannot be looked into, and whoever holds the port in ours is somebody else. Null: go on.</summary>
    /// <param name="incident">What happened.</param>
    /// <param name="contenderPid">The refused program's pid; null when it lives no more.</param>
    public static StrikeResult? Refusal(Incident incident, int? contenderPid) => incident.Contender?.ForeignNetwork is null || contenderPid is not null
        ? null
        : new StrikeResult(OutcomeKind.Refused, "The refused program lived in another network and is gone, so nobody was stopped.", null, null, []);
}
