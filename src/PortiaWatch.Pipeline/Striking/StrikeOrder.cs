using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Striking;

/// <summary>What is to be freed, from whom, and how.</summary>
public sealed record StrikeOrder
{
    public required Endpoint Endpoint { get; init; }

    /// <summary>The processes that were found to hold the endpoint when the decision was made; nobody else is signalled.</summary>
    public required IReadOnlyList<Holder> Targets { get; init; }

    public required StrikeSettings Settings { get; init; }

    public required ProtectSettings Protect { get; init; }

    /// <summary>Network namespace to look in, as <see cref="ISocketTable.Blocking"/> takes it.</summary>
    public int? ContenderPid { get; init; }

    /// <summary>That namespace, where it is known to be another than ours.</summary>
    public ulong? ForeignNetwork { get; init; }

    /// <summary>Walk the same path and stop before the call.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>Captured descendants go too, children first, each with its own identity.</summary>
    public bool WithTree { get; init; }

    /// <summary>True when a person named this very target; only then may root strike another user's process.</summary>
    public bool IsByHand { get; init; }
}
