using System.Globalization;
using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Rules;
using PortiaWatch.Pipeline.Striking;

namespace PortiaWatch.Pipeline.Enrichment;

/// <summary>One entry of squatters.json. What is empty narrows nothing down.</summary>
internal sealed record SquatterEntry
{
    public required string Name { get; init; }

    /// <summary><c>macos</c>, <c>linux</c>, or null for both.</summary>
    public string? System { get; init; }

    public IReadOnlyList<PortRange> Ports { get; init; } = [];

    public IReadOnlyList<string> Process { get; init; } = [];

    /// <summary>Globs on the executable's whole path; <c>*</c> crosses folders.</summary>
    public IReadOnlyList<string> Path { get; init; } = [];

    public IReadOnlyList<string> Supervisor { get; init; } = [];

    public bool ComesBack { get; init; }

    public required string Advice { get; init; }

    public IReadOnlyList<string> Stop { get; init; } = [];

    public bool Fits(ProcessFacts process, Endpoint endpoint)
    {
        if (Ports.Count > 0 && !(endpoint.Port is { } port && Ports.Any(r => r.Contains(port))))
            return false;
        if (Supervisor.Count > 0 && !(process.Supervisor is { } supervisor && Supervisor.Contains(supervisor.Kind, StringComparer.OrdinalIgnoreCase)))
            return false;
        if (Process.Count == 0 && Path.Count == 0)
            return true;
        return ProcessGlob.MatchesAny(Process, process) || (process.Path is { } path && Path.Any(glob => ProcessGlob.Matches(glob, path)));
    }

    public Squatter Meet(ProcessFacts process, Endpoint endpoint)
    {
        IReadOnlyList<string> stop = Stop.Count > 0 ? Stop : process.Supervisor?.StopCommand ?? [];
        string advice = Advice
            .Replace("{port}", endpoint.Port?.ToString(CultureInfo.InvariantCulture) ?? "PORT", StringComparison.Ordinal)
            .Replace("{stop}", stop.Count > 0 ? Words.Command(stop) : "its service manager", StringComparison.Ordinal);
        return new Squatter(Name, advice, ComesBack, stop);
    }
}
