namespace PortiaWatch.Running;

/// <summary>What <c>portia run</c> was asked to do.</summary>
internal sealed record RunOptions
{
    public const int DefaultRetries = 3;

    public RunMode Mode { get; init; }

    /// <summary>How often the command may be started again.</summary>
    public int Retries { get; init; } = DefaultRetries;

    /// <summary>Program and arguments; at least one.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Incidents as <c>portia.incident/1</c> on standard error instead of words; standard output is the command's.</summary>
    public bool IsJson { get; init; }

    public bool IsPlain { get; init; }

    public bool IsVerbose { get; init; }

    /// <summary>Null: the standard place.</summary>
    public string? Configuration { get; init; }
}
