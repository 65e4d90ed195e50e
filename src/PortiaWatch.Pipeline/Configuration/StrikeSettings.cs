namespace PortiaWatch.Pipeline.Configuration;

/// <summary>How a strike is carried out.</summary>
public sealed record StrikeSettings
{
    /// <summary>How long a process may take to end after SIGTERM.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>SIGKILL after the grace time.</summary>
    public bool Force { get; init; }

    /// <summary>At most this many strikes per endpoint …</summary>
    public int BudgetStrikes { get; init; } = 3;

    /// <summary>… in this window.</summary>
    public TimeSpan BudgetWindow { get; init; } = TimeSpan.FromMinutes(1);

    public SupervisedHandling Supervised { get; init; } = SupervisedHandling.Advise;
}
