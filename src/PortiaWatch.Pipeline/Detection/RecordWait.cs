using System.Threading.Channels;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Detection;

/// <summary>Waits for the next record, or for the time at which an open block must close. Sets no timer while no block is open.</summary>
internal sealed class RecordWait(ChannelReader<LogRecord> records, TimeProvider time)
{
    // The wait for a record outlives the wait for a flush.
    private Task<bool>? _more;

    /// <summary>False when there will be no more records.</summary>
    /// <param name="flushDue">When the oldest open block must close; null when none is open.</param>
    public async Task<bool> NextAsync(DateTimeOffset? flushDue)
    {
        _more ??= records.WaitToReadAsync().AsTask();
        if (flushDue is { } due && !_more.IsCompleted)
        {
            using var recordCame = new CancellationTokenSource();
            // A clock that is put back must not make it wait longer than a block ever does.
            TimeSpan left = TimeSpan.FromTicks(Math.Clamp((due - time.GetUtcNow()).Ticks, 0, Detector.BlockWait.Ticks));
            Task flush = Task.Delay(left, time, recordCame.Token);
            if (await Task.WhenAny(_more, flush) == flush)
                return true;
            await recordCame.CancelAsync();
        }

        bool more = await _more;
        _more = null;
        return more;
    }
}
