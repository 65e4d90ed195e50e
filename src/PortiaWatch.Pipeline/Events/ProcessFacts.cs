namespace PortiaWatch.Pipeline.Events;

/// <summary>What is known of one process. Null means "not known" (no right to look, or gone while we looked), never "none".</summary>
public sealed record ProcessFacts
{
    public required ProcessIdentity Identity { get; init; }

    /// <summary>The program's short name as the kernel has it; hostile text.</summary>
    public required string Name { get; init; }

    /// <summary>The application that the program is part of, as the user knows it (macOS bundles); null for a plain program.</summary>
    public string? Application { get; init; }

    public string? Path { get; init; }

    public IReadOnlyList<string>? Command { get; init; }

    public string? WorkingDirectory { get; init; }

    /// <summary>Root of the project that the working directory belongs to (nearest folder with .git, package.json, …); null when there is none.</summary>
    public string? Project { get; init; }

    /// <summary>Real uid.</summary>
    public uint? Uid { get; init; }

    public string? User { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Nearest first, up to init.</summary>
    public IReadOnlyList<ParentProcess> Parents { get; init; } = [];

    /// <summary>True when the parent that started it is gone and init, launchd or the user's systemd has adopted it without being its supervisor.</summary>
    public bool IsOrphan { get; init; }

    public Supervisor? Supervisor { get; init; }

    /// <summary>Name or id of the container it runs in (or publishes ports for); null when it is not in one.</summary>
    public string? Container { get; init; }
}
