using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline;

/// <summary>
/// One failure is decided again when better evidence of it comes (<see cref="CollisionPhase.Improved"/>). Only what is stronger than what was done for it is carried out
/// then, so that it never gives two notifications, two runs of a program or a second signal. For one thread.
/// </summary>
internal sealed class Escalation
{
    // As many as the debounce keeps open.
    private readonly Recent<int> _taken = new(4096);

    /// <summary>
    /// False when as much was done before. A mere log entry may be written again: it then says more. What moved on before anything was begun
    /// (<see cref="CollisionPhase.Graded"/>) is told where a rule says so, and its log entry is the one about repeats.
    /// </summary>
    public bool Take(Verdict verdict)
    {
        string id = verdict.Incident.Collision.Id;
        int strength = Strength(verdict.Action);
        if (verdict.Incident.Collision.Phase == CollisionPhase.Graded)
            return verdict.Action != RuleAction.Log;
        if (_taken.TryGet(id, out int before) && (before > strength || (before == strength && verdict.Action != RuleAction.Log)))
            return false;
        _taken.Set(id, strength);
        return true;
    }

    private static int Strength(RuleAction action) => action switch
    {
        RuleAction.Log => 0,
        RuleAction.Notify => 1,
        RuleAction.Ask => 2,
        RuleAction.Exec => 3,
        _ => 4,
    };
}
