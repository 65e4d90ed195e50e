namespace PortiaWatch.Pipeline.Configuration;

/// <summary>What a rule wants of every holder. Null conditions match everything; a condition about something unknown does not match.</summary>
public sealed record HolderCondition
{
    /// <summary>Globs on the program's name (<c>*</c> and <c>?</c>), any of which must match.</summary>
    public IReadOnlyList<string> Process { get; init; } = [];

    /// <summary>Contender and holder work in the same project folder.</summary>
    public bool? SameProject { get; init; }

    public TimeSpan? OlderThan { get; init; }

    /// <summary>The process that started it is gone.</summary>
    public bool? Orphan { get; init; }

    /// <summary>Listed in squatters.json.</summary>
    public bool? Known { get; init; }
}
