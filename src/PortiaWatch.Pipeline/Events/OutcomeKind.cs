namespace PortiaWatch.Pipeline.Events;

/// <summary>What happened to a verdict.</summary>
public enum OutcomeKind
{
    Logged,
    Notified,

    /// <summary>Asked, and the answer was to leave the holder alone (or there was none in time).</summary>
    Left,

    /// <summary>An exec policy's program ran.</summary>
    Executed,

    Freed,

    /// <summary>The endpoint was free before anything was signalled.</summary>
    Vanished,

    StillHeld,
    TakenAgain,

    /// <summary>Refused for safety: a protection, a changed identity, the budget.</summary>
    Refused,

    NotPermitted,

    /// <summary>The process went, the port stays in TIME_WAIT for a while.</summary>
    TimeWait,

    Reserved,

    /// <summary>The holder did not end within the grace time.</summary>
    TimedOut,

    DryRun,

    /// <summary>A policy could not do its work (no notification daemon, program not found).</summary>
    Failed,

    /// <summary>The watcher ended while it acted, so nobody knows; only the history has this, and nothing is done again.</summary>
    Unfinished,
}
