namespace PortiaWatch.Pipeline.Configuration;

/// <summary>What to do with a holder that somebody will start again.</summary>
public enum SupervisedHandling
{
    /// <summary>Show the supervisor's stop command; signal nothing.</summary>
    Advise,

    /// <summary>Run the supervisor's own stop command.</summary>
    Stop,
}
