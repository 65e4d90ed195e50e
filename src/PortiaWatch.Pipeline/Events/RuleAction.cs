namespace PortiaWatch.Pipeline.Events;

/// <summary>What a rule does with an incident.</summary>
public enum RuleAction
{
    Log,
    Notify,
    Ask,
    Kill,
    Exec,
}
