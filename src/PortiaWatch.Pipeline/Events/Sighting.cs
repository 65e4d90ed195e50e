namespace PortiaWatch.Pipeline.Events;

/// <summary>One bind failure, read out of a record or reported by the kernel.</summary>
public sealed record Sighting
{
    public required LogRecord Record { get; init; }

    public required SightingKind Kind { get; init; }

    /// <summary>May lack the port: many programs do not print it.</summary>
    public required Endpoint Endpoint { get; init; }

    /// <summary>Name of the matched pattern, for people and for tests.</summary>
    public required string Pattern { get; init; }

    /// <summary>The evidence: the line or block, control characters stripped, at most 4 KiB.</summary>
    public required string Text { get; init; }

    /// <summary>1-based number of the line or record that the evidence starts at.</summary>
    public long Number { get; init; }

    /// <summary>The program as the text itself names it (a syslog tag, a record's field): a claim that nobody vouches for, for display only. Null when it names none.</summary>
    public string? ClaimedProgram { get; init; }

    /// <summary>False for wordings that are printed for other causes too; they count only once the socket table agrees.</summary>
    public bool CauseStated { get; init; } = true;
}
