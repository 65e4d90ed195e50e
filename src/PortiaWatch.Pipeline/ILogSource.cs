using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Sources;

namespace PortiaWatch.Pipeline;

/// <summary>
/// Where records come from. A source reads until it is cancelled, ends or fails; restarting it is the supervisor's work, so a source keeps what it needs to go on
/// where it was (cursor, offset) across calls.
/// </summary>
public interface ILogSource
{
    /// <summary>As <c>--source</c> spells it: <c>stdin</c>, <c>file</c>, <c>journal</c>, <c>logstream</c>, <c>kernel</c>, <c>hook</c>.</summary>
    string Name { get; }

    /// <summary>True when reading can wait for us (journal, file, pipe); false when what is not taken at once is lost (kernel ring).</summary>
    bool CanWait { get; }

    /// <summary>True when an orderly end is the end (standard input); false when it must be started again.</summary>
    bool EndsForGood { get; }

    /// <summary>
    /// Reads records. Throws <see cref="SourceUnavailableException"/> when trying again is useless until the user changes something (no right, no such tool); any other
    /// exception is a failure to be retried with back-off. <paramref name="report"/> takes what the user should know meanwhile.
    /// </summary>
    IAsyncEnumerable<LogRecord> ReadAsync(SourceReport report, CancellationToken cancellation);
}
