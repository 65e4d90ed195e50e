using PortiaWatch.Linux.Systemd;

namespace PortiaWatch.Linux.Processes;

/// <summary>What supervision and adoption are judged by: one process with its surroundings as read at one moment.</summary>
internal sealed record ProcessReading
{
    public required int Pid { get; init; }

    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>True when it sits on a terminal: somebody works there, no service manager.</summary>
    public required bool HasTerminal { get; init; }

    /// <summary>Nearest first.</summary>
    public required IReadOnlyList<Ancestor> Ancestors { get; init; }

    /// <summary>Null where there is no systemd, or no unit.</summary>
    public required CgroupUnit? Unit { get; init; }

    /// <summary>True when no other process that the unit's manager started itself is older within the unit.</summary>
    public required Func<bool> IsOldestOfUnit { get; init; }

    public Ancestor? Parent => Ancestors.Count > 0 ? Ancestors[0] : null;
}
