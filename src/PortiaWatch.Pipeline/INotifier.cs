namespace PortiaWatch.Pipeline;

/// <summary>Tells the user and asks the user. Text is data: never markup, never part of a command line that a shell reads.</summary>
public interface INotifier
{
    /// <summary>False when nobody would see it (no session bus, no terminal): then <see cref="AskAsync"/> answers <see cref="Answer.NoAnswer"/> at once.</summary>
    bool IsAvailable { get; }

    /// <summary>Shows a message. Throws <see cref="NotifierException"/> with one plain sentence when it cannot.</summary>
    Task TellAsync(string title, string text, CancellationToken cancellation);

    /// <summary>Asks "Strike?" and waits for the answer; no answer within <paramref name="limit"/> means leave.</summary>
    Task<Answer> AskAsync(string title, string text, TimeSpan limit, CancellationToken cancellation);
}
