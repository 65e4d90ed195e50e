using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Enrichment;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Rules;

namespace PortiaWatch.Pipeline;

/// <summary>Looks up both sides of a collision and lets the rules decide. For one thread.</summary>
/// <param name="enricher">Looks up both sides.</param>
/// <param name="settings">The settings in force, asked anew for every incident.</param>
/// <param name="time">For the age of holders.</param>
public sealed class Decision(Enricher enricher, Func<Settings> settings, TimeProvider time)
{
    private readonly Escalation _steps = new();

    /// <summary>Null when as much was done for the same failure before.</summary>
    public Verdict? Take(Collision collision)
    {
        Verdict verdict = RuleEngine.Decide(enricher.Enrich(collision), settings(), time.GetUtcNow());
        return _steps.Take(verdict) ? verdict : null;
    }
}
