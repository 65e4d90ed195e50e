namespace PortiaWatch.Pipeline.Events;

/// <summary>
/// What a source delivers: bytes of text with where they came from. Sources of plain text (files, standard input) put as many whole lines
/// into one record as one read gave, so that the detector can search them in one sweep; structured sources deliver one record per message.
/// </summary>
public sealed record LogRecord
{
    /// <summary>UTF-8 as the program wrote it, nothing stripped; may be invalid UTF-8. Empty when the source itself knows the endpoint (<see cref="Reported"/>).</summary>
    public required ReadOnlyMemory<byte> Text { get; init; }

    /// <summary>Name of the source as <c>--source</c> spells it: <c>stdin</c>, <c>file</c>, <c>journal</c>, <c>logstream</c>, <c>kernel</c>, <c>run</c>, <c>hook</c>.</summary>
    public required string Source { get; init; }

    public required Trust Trust { get; init; }

    /// <summary>When it was written, where the source says; else when it was read.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>When it was read. A record read more than ten seconds after it was written is recorded and never acted on.</summary>
    public required DateTimeOffset ReadAt { get; init; }

    /// <summary>Tells apart the writers within one source (a file's path, a journal's <c>_PID</c>): lines of different streams are never joined into one block.</summary>
    public string Stream { get; init; } = "";

    /// <summary>1-based number of the first line (plain text) or of the record (structured) within its stream; 0 where nobody counts.</summary>
    public long Number { get; init; }

    /// <summary>Null where the system does not vouch for anybody.</summary>
    public Sender? Sender { get; init; }

    /// <summary>The refused endpoint where the source itself knows it (kernel event, runtime hook); null means it must be read from the text.</summary>
    public Endpoint? Reported { get; init; }

    /// <summary>
    /// What a <see cref="Reported"/> endpoint means. A source that first reports a collision and then sees the program serve on another port reports the same endpoint
    /// again as <see cref="SightingKind.Soft"/>, with the same sender.
    /// </summary>
    public SightingKind ReportedKind { get; init; } = SightingKind.Collision;

    /// <summary>True where <see cref="Text"/> is one complete message (a journal record): a block that it opens closes at its end.</summary>
    public bool IsWhole { get; init; }

    /// <summary>True for bytes that a source delivers after a gap (restart, rotation, an overlong line cut short): nothing before joins with them.</summary>
    public bool FollowsGap { get; init; }
}
