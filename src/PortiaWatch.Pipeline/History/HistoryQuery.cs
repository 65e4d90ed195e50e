namespace PortiaWatch.Pipeline.History;

/// <summary>Which incidents to read. Null means no limit of that kind.</summary>
public sealed record HistoryQuery
{
    public int? Port { get; init; }

    /// <summary>Name of the program that was refused or that held the port; <c>*</c> and <c>?</c> as in a shell.</summary>
    public string? Program { get; init; }

    /// <summary>First seen at this time or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>First seen before this time.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Outcomes as they stand in JSON (<c>freed</c>, <c>stillHeld</c>, <c>unfinished</c>, …; <c>acting</c> has none yet), any of them; null or empty means all.</summary>
    public IReadOnlyList<string>? Outcomes { get; init; }

    /// <summary>Only the newest so many.</summary>
    public int? Limit { get; init; }

    /// <summary>Only incidents older than the one of this number: the next page of <see cref="Limit"/>.</summary>
    public long? Before { get; init; }

    /// <summary>False leaves <see cref="HistoryEntry.Json"/> empty, which reads several times faster.</summary>
    public bool WithStories { get; init; } = true;
}
