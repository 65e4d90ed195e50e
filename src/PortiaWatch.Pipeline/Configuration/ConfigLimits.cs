namespace PortiaWatch.Pipeline.Configuration;

/// <summary>What the values of the configuration may be.</summary>
internal static class ConfigLimits
{
    public const int MostBytes = 1024 * 1024;
    public const int MostStrikes = 100;

    public static readonly TimeSpan LeastWindow = TimeSpan.FromMilliseconds(100);
    public static readonly TimeSpan MostWindow = TimeSpan.FromHours(1);

    // Below this no program gets to its signal handler; above it nobody waits any more.
    public static readonly TimeSpan LeastGrace = TimeSpan.FromMilliseconds(100);
    public static readonly TimeSpan MostGrace = TimeSpan.FromMinutes(10);

    public static readonly TimeSpan LeastBudgetWindow = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan MostBudgetWindow = TimeSpan.FromDays(1);

    public static readonly TimeSpan MostAge = TimeSpan.FromDays(3650);

    public static readonly TimeSpan LeastKeep = TimeSpan.FromHours(1);
    public static readonly TimeSpan MostKeep = TimeSpan.FromDays(3650);
}
