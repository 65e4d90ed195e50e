namespace PortiaWatch.Control;

/// <summary><c>portia.beat/1</c>: the watcher is awake. The first of a strike says that nothing has been done yet and that the client's word is waited for.</summary>
internal sealed record StrikeBeat(string Schema)
{
    public const string CurrentSchema = "portia.beat/1";

    /// <summary>From one to the next while a strike lasts.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>A client that has heard nothing for so long takes the watcher for suspended. Longer than the watcher waits for a client's word, so that no word is taken that was given up.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static StrikeBeat New { get; } = new(CurrentSchema);
}
