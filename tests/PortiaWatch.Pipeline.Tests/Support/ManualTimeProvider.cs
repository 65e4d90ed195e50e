namespace PortiaWatch.Pipeline.Tests.Support;

/// <summary>Time that stands still until a test moves it. Timers fire on the thread that moves the time, earliest first.</summary>
internal sealed class ManualTimeProvider(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _now = start;
    private TimeSpan _jumped;
    private TaskCompletionSource _timerSet = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ManualTimeProvider()
        : this(Some.Noon)
    {
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
            return _now + _jumped;
    }

    public override long GetTimestamp()
    {
        lock (_lock)
            return _now.Ticks;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Waits (in real time, without polling) until somebody has set a timer, and returns how far away the earliest is.</summary>
    public async Task<TimeSpan> NextTimerAsync()
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (Earliest() is { Due: { } due })
                    return due - _now;
                changed = _timerSet.Task;
            }

            await changed.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }

    /// <summary>Waits for a timer, then moves to it. Returns how far that was.</summary>
    public async Task<TimeSpan> AdvanceToNextTimerAsync()
    {
        var distance = await NextTimerAsync();
        Advance(distance);
        return distance;
    }

    /// <summary>Puts the clock on the wall forward or back; timers and the time that has passed know nothing of it.</summary>
    public void Jump(TimeSpan distance)
    {
        lock (_lock)
            _jumped += distance;
    }

    public void Advance(TimeSpan distance)
    {
        DateTimeOffset target;
        lock (_lock)
            target = _now + distance;
        while (true)
        {
            ManualTimer? due;
            lock (_lock)
            {
                due = Earliest();
                if (due?.Due is not { } time || time > target)
                {
                    _now = target;
                    return;
                }

                _now = time > _now ? time : _now;
                due.Due = due.Period > TimeSpan.Zero ? _now + due.Period : null;
            }

            due.Fire();
        }
    }

    private ManualTimer? Earliest() => _timers.Where(t => t.Due is not null).MinBy(t => t.Due);

    private sealed class ManualTimer(ManualTimeProvider owner, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset? Due { get; set; }

        public TimeSpan Period { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (owner._lock)
            {
                Due = dueTime < TimeSpan.Zero ? null : owner._now + dueTime;
                Period = period;
                if (!owner._timers.Contains(this))
                    owner._timers.Add(this);
                if (Due is not null)
                {
                    owner._timerSet.TrySetResult();
                    owner._timerSet = new(TaskCreationOptions.RunContinuationsAsynchronously);
                }
            }

            return true;
        }

        public void Dispose()
        {
            lock (owner._lock)
                owner._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
