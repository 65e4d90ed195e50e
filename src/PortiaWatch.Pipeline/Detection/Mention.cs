using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Detection;

/// <summary>An endpoint, or a part of one, that a line names.</summary>
internal sealed record Mention(int Start, int End)
{
    public string? Address { get; init; }

    public int? Port { get; init; }

    public string? Path { get; init; }

    public Transport? Transport { get; init; }

    /// <summary>How surely this is an endpoint at all: 10 for an unmistakable shape, less for what only looks like one.</summary>
    public int Weight { get; init; } = 10;

    /// <summary>True for members of one list: "ports 80, 443 and 8080".</summary>
    public int List { get; init; }

    /// <summary>True when the sentence says that the program goes there instead, or the mention is a remote end.</summary>
    public bool IsElsewhere { get; init; }

    public bool IsTarget => Port is not null || Path is not null;
}
