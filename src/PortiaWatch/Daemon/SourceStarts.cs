using PortiaWatch.Pipeline.Sources;

namespace PortiaWatch.Daemon;

/// <summary>Waits until every source has begun, or has said why it cannot: what happens from then on is seen.</summary>
internal sealed class SourceStarts(int sources)
{
    // A source that takes longer is shown as starting by status; the service is not held up by it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly HashSet<SourceReport> _begun = [];
    private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A source has changed its state.</summary>
    public void Note(SourceReport report)
    {
        lock (_lock)
        {
            if (report.State != SourceState.Starting && _begun.Add(report) && _begun.Count >= sources)
                _all.TrySetResult();
        }
    }

    /// <summary>Ends when all have begun, or when waiting longer would help nobody.</summary>
    public async Task WaitAsync(TimeProvider time)
    {
        try
        {
            await _all.Task.WaitAsync(Patience, time);
        }
        catch (TimeoutException)
        {
            // Ready with what there is.
        }
    }
}
