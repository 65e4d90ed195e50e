namespace PortiaWatch.Pipeline.Sources;

/// <summary>Health and counters of one source, written by the source and its supervisor, read by <c>status</c> and <c>doctor</c>. Thread-safe.</summary>
public sealed class SourceReport(string name, Action<SourceReport>? changed = null)
{
    private readonly Lock _lock = new();
    private SourceState _state = SourceState.Starting;
    private string? _note;
    private long _records;
    private long _dropped;
    private long _cut;
    private int _restarts;

    public string Name { get; } = name;

    public SourceState State
    {
        get
        {
            lock (_lock)
                return _state;
        }
    }

    /// <summary>One plain sentence about the state; null when there is nothing to say.</summary>
    public string? Note
    {
        get
        {
            lock (_lock)
                return _note;
        }
    }

    /// <summary>True when it is unavailable for want of rights.</summary>
    public bool LacksPermission { get; private set; }

    public long Records => Interlocked.Read(ref _records);

    /// <summary>Records lost because nobody could take them in time, or because the source said that it lost them.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Lines longer than the cap, of which only the beginning was kept.</summary>
    public long Cut => Interlocked.Read(ref _cut);

    public int Restarts => Volatile.Read(ref _restarts);

    /// <summary>Sets the state; observers hear of it only when it or the note differs from before.</summary>
    public void Set(SourceState state, string? note = null)
    {
        lock (_lock)
        {
            if (_state == state && _note == note)
                return;
            _state = state;
            _note = note;
        }

        changed?.Invoke(this);
    }

    /// <summary>It cannot work until the user changes something.</summary>
    public void SetUnavailable(SourceUnavailableException reason)
    {
        LacksPermission = reason.IsPermission;
        Set(SourceState.Unavailable, reason.Message);
    }

    public void CountRecord() => Interlocked.Increment(ref _records);

    public void CountDropped(long records) => Interlocked.Add(ref _dropped, records);

    public void CountCut() => Interlocked.Increment(ref _cut);

    public void CountRestart() => Interlocked.Increment(ref _restarts);
}
