namespace PortiaWatch.Pipeline.Configuration;

/// <summary>The whole configuration, validated. <see cref="Default"/> is what runs without a file: it asks, and never kills unasked.</summary>
public sealed record Settings
{
    public SourceSettings Sources { get; init; } = new();

    /// <summary>Repeats of the same failure inside this window only count.</summary>
    public TimeSpan DebounceWindow { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Read top to bottom, the first that matches decides. The last one is always a plain <c>log</c>.</summary>
    public required IReadOnlyList<Rule> Rules { get; init; }

    public ProtectSettings Protect { get; init; } = new();

    public StrikeSettings Strike { get; init; } = new();

    public TimeSpan HistoryKeep { get; init; } = TimeSpan.FromDays(90);

    public LogSettings Log { get; init; } = new();

    public TelemetrySettings Telemetry { get; init; } = new();

    public static Settings Default { get; } = new()
    {
        Rules =
        [
            new Rule { Name = "everything a developer uses", Ports = [new PortRange(1024, 65535)], Action = Events.RuleAction.Ask },
            Rule.Last,
        ],
    };
}
