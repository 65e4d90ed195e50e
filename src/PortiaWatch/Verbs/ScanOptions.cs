using PortiaWatch.Pipeline.Detection;

namespace PortiaWatch.Verbs;

/// <summary>What <c>portia scan</c> was asked to do.</summary>
internal sealed record ScanOptions
{
    /// <summary>Paths and globs; <c>-</c> is standard input.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    public LogFormat Format { get; init; }

    public bool IsJson { get; init; }

    /// <summary>Sightings whose text says an earlier time are left out; those without a time are kept. Null: all.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Lines to show before and after each sighting.</summary>
    public int Context { get; init; }

    public bool IsColored { get; init; }

    /// <summary>Where progress is drawn; null when nobody watches.</summary>
    public TextWriter? Progress { get; init; }

    /// <summary>Columns of the terminal; what is no terminal gets room for every column.</summary>
    public int Width { get; init; } = 200;
}
