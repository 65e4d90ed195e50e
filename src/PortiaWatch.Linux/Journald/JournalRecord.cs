using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Journald;

/// <summary>One journal entry as <c>journalctl -o json</c> prints it. Only fields with an underscore are set by journald; the message is whatever its writer liked.</summary>
internal sealed record JournalRecord
{
    /// <summary>Place of the entry, for reading on from it; null when the line had none.</summary>
    public string? Cursor { get; init; }

    /// <summary>When journald received it; null when the line did not say, or said nonsense.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>The message's bytes, several of one entry joined by line ends. Empty when there was none.</summary>
    public byte[] Message { get; init; } = [];

    /// <summary>journalctl left the message out because it is long (null in place of a value).</summary>
    public bool IsMessageWithheld { get; init; }

    /// <summary>It says that it is an outcome that a watcher wrote (<see cref="OutcomeEntry.MessageId"/>).</summary>
    public bool IsOutcome { get; init; }

    /// <summary>Null where journald does not vouch for anybody.</summary>
    public Sender? Sender { get; init; }
}
