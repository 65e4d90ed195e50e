namespace PortiaWatch.Control;

/// <summary><c>portia.status/1</c>: how the running watcher is.</summary>
internal sealed record WatchStatus
{
    public const string CurrentSchema = "portia.status/1";

    public required string Schema { get; init; }

    /// <summary>False, and alone, where no watcher runs.</summary>
    public bool Running { get; init; } = true;

    public required string Version { get; init; }

    public required int Pid { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required double UptimeSeconds { get; init; }

    /// <summary>Resident memory of the whole process.</summary>
    public required long MemoryBytes { get; init; }

    public required bool DryRun { get; init; }

    public required bool Lite { get; init; }

    /// <summary>Where the rules in force come from.</summary>
    public required string Configuration { get; init; }

    /// <summary>Why the file as it is now is not in force; null while it is.</summary>
    public string? ConfigurationError { get; init; }

    public required IReadOnlyList<RuleStatus> Rules { get; init; }

    public required IReadOnlyList<SourceStatus> Sources { get; init; }

    public required CounterStatus Counters { get; init; }

    /// <summary>What was lost, by reason ("journal: not taken in time"); only reasons that there were.</summary>
    public required IReadOnlyDictionary<string, long> Drops { get; init; }

    /// <summary>Requests that were refused, by the error's code; only codes that there were.</summary>
    public required IReadOnlyDictionary<string, long> Refused { get; init; }

    /// <summary>Clients that follow the incidents right now.</summary>
    public required int Viewers { get; init; }
}
