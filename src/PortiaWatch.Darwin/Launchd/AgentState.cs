namespace PortiaWatch.Darwin.Launchd;

/// <summary>What launchd says of our agent.</summary>
internal enum AgentState
{
    /// <summary>No property list of ours.</summary>
    NotInstalled,

    /// <summary>Loaded, and a process is there.</summary>
    Running,

    /// <summary>Loaded, not running: it ended in an orderly way, or waits after a failure.</summary>
    Loaded,

    /// <summary>The property list is there, and launchd does not have it.</summary>
    NotLoaded,

    /// <summary>Switched off by <c>launchctl disable</c> or in Login Items.</summary>
    SwitchedOff,
}
