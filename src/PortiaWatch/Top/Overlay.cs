namespace PortiaWatch.Top;

/// <summary>What lies over the lists until it is left: details, help, a question.</summary>
/// <param name="Title">Its headline.</param>
/// <param name="Draw">Its lines for a width.</param>
internal sealed record Overlay(string Title, Func<int, IReadOnlyList<string>> Draw)
{
    /// <summary>The first line that is shown.</summary>
    public int Top { get; set; }

    /// <summary>The port that it shows; null when it shows something else.</summary>
    public PortRow? Port { get; init; }

    /// <summary>Null where nothing is asked.</summary>
    public StrikeQuestion? Question { get; init; }
}
