namespace PortiaWatch.Pipeline.Policies;

/// <summary>Lets a few through at once and then one per interval. Thread-safe; needs no timer, because the time that passed is counted when somebody asks.</summary>
internal sealed class TokenBucket(int capacity, TimeSpan interval, TimeProvider time)
{
    private readonly Lock _lock = new();
    private double _tokens = capacity;
    private long _filledAt = time.GetTimestamp();
    private int _refused;

    /// <summary>True with the number of those refused since the last that got through.</summary>
    public bool TryTake(out int refusedBefore)
    {
        lock (_lock)
        {
            long now = time.GetTimestamp();
            _tokens = Math.Min(capacity, _tokens + (time.GetElapsedTime(_filledAt, now) / interval));
            _filledAt = now;
            if (_tokens < 1)
            {
                refusedBefore = ++_refused;
                return false;
            }

            _tokens--;
            refusedBefore = _refused;
            _refused = 0;
            return true;
        }
    }
}
