namespace PortiaWatch.Pipeline;

/// <summary>The only two signals PortiaWatch sends.</summary>
public enum StopSignal
{
    /// <summary>SIGTERM.</summary>
    Terminate,

    /// <summary>SIGKILL, only when the rule or the user says force.</summary>
    Kill,
}
