using Serilog.Events;

namespace PortiaWatch.Pipeline.Configuration;

/// <summary>The watcher's own log.</summary>
public sealed record LogSettings
{
    /// <summary>What is less important is left out.</summary>
    public LogEventLevel Level { get; init; } = LogEventLevel.Information;

    /// <summary>Path that starts with / or ~/; null for standard error, which a service manager keeps.</summary>
    public string? File { get; init; }
}
