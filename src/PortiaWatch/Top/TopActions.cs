namespace PortiaWatch.Top;

/// <summary>What keys can set going beyond the model.</summary>
internal sealed record TopActions
{
    public required Action Quit { get; init; }

    public required Action Suspend { get; init; }

    public required Action Redraw { get; init; }

    /// <summary>There is none.</summary>
    public required Action StartWatcher { get; init; }

    /// <summary>Of the selected row.</summary>
    public required Action OpenDetails { get; init; }

    public required Action<PortRow> AskToStrike { get; init; }

    /// <summary>The question was answered with yes.</summary>
    public required Action<StrikeQuestion> Strike { get; init; }
}
