namespace PortiaWatch.Control;

/// <summary>A strike that a person ordered at the client: what is to be freed, and from exactly whom.</summary>
internal sealed record FreeOrder
{
    /// <summary>Build of the client; a watcher of another build does not strike for it.</summary>
    public string? Version { get; init; }

    /// <summary>In the form that <c>free</c> takes.</summary>
    public string? Target { get; init; }

    /// <summary>The processes that the person saw and agreed to; nobody else is signalled.</summary>
    public IReadOnlyList<ProcessMark>? Holders { get; init; }

    /// <summary>Null: as the watcher's configuration says.</summary>
    public double? GraceMilliseconds { get; init; }

    public bool Force { get; init; }

    public bool DryRun { get; init; }

    public bool Tree { get; init; }

    /// <summary>False for the strike of a command that was refused (<c>portia run --free</c>): no person named the target, so it counts against the budget. Null: true.</summary>
    public bool? ByHand { get; init; }

    /// <summary>The client is asked once more before anything is done, and hears a <see cref="StrikeBeat"/> as long as the strike lasts.</summary>
    public bool Beats { get; init; }
}
