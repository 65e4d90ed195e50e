using PortiaWatch.Pipeline.Configuration;

namespace PortiaWatch.Pipeline.Events;

/// <summary>What the rules decided for an incident, and why.</summary>
public sealed record Verdict
{
    public required Incident Incident { get; init; }

    /// <summary>What will be done: the rule's action, or less where trust does not reach (then <see cref="Reason"/> says why).</summary>
    public required RuleAction Action { get; init; }

    /// <summary>The rule that decided.</summary>
    public required Rule Rule { get; init; }

    /// <summary>One plain sentence: why this action.</summary>
    public required string Reason { get; init; }

    /// <summary>Every rule that was looked at before, in order, with why it did not match.</summary>
    public IReadOnlyList<string> Weighed { get; init; } = [];

    /// <summary>True when the rule asked for more than the evidence allows.</summary>
    public bool IsReduced => Action != Rule.Action;
}
