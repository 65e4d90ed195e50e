using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.History;

/// <summary>One remembered incident. Names and texts in it are as the programs gave them, not cleaned.</summary>
public sealed record HistoryEntry
{
    /// <summary>Small and never used again: what people type.</summary>
    public required long Number { get; init; }

    public required string Id { get; init; }

    public required DateTimeOffset First { get; init; }

    public required DateTimeOffset Last { get; init; }

    /// <summary>Refusals drawn together, at least 1.</summary>
    public required int Count { get; init; }

    public required Endpoint Endpoint { get; init; }

    /// <summary>Short name of the refused program; null when nobody vouches for it.</summary>
    public string? Contender { get; init; }

    public required IReadOnlyList<HistoryHolder> Holders { get; init; }

    /// <summary>The action that was decided, as it stands in JSON.</summary>
    public required string Action { get; init; }

    public required string Rule { get; init; }

    public required string Reason { get; init; }

    public required bool IsConfirmed { get; init; }

    /// <summary>False when the refused program went on by itself (another port, or trying again).</summary>
    public required bool IsBlocking { get; init; }

    /// <summary>As it stands in JSON; <c>unfinished</c> when the watcher ended while it acted; null while it acts.</summary>
    public string? Outcome { get; init; }

    /// <summary>When the port was free; null when that is not known.</summary>
    public DateTimeOffset? FreedAt { get; init; }

    /// <summary>The whole story, <c>portia.incident/1</c>.</summary>
    public required string Json { get; init; }
}
