namespace PortiaWatch.Pipeline.Configuration;

/// <summary>
/// Keeps the settings in force up to date with their file. A good file replaces them at once and as a whole; a bad one leaves them as they are, and all of its errors are
/// reported. Thread-safe.
/// </summary>
public sealed class ConfigWatcher : IDisposable
{
    // Editors write in several steps (truncate, write, rename, chmod): wait until they are quiet, but not for ever.
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private readonly string _path;
    private readonly Func<string, ConfigResult> _load;
    private readonly Action<ConfigResult> _loaded;
    private readonly TimeProvider _time;
    private readonly FileChanges _changes;
    private readonly ITimer _timer;
    private readonly Lock _timing = new();
    private readonly Lock _reloading = new();
    private long? _waitingSince;
    private Settings _current;
    private bool _wasThere;

    /// <param name="path">Need not exist yet.</param>
    /// <param name="initial">In force until the file changes.</param>
    /// <param name="load">Reads the file; <see cref="ConfigLoader.Load"/> with what it needs.</param>
    /// <param name="loaded">Told of every reload, good or bad, one at a time.</param>
    /// <param name="time">For the pause after a change; nothing runs while nothing changes.</param>
    public ConfigWatcher(string path, Settings initial, Func<string, ConfigResult> load, Action<ConfigResult> loaded, TimeProvider time)
    {
        (_path, _current, _load, _loaded, _time) = (path, initial, load, loaded, time);
        _wasThere = File.Exists(path);
        _timer = time.CreateTimer(_ => Reload(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _changes = new FileChanges(path, OnChanged, Report);
    }

    /// <summary>The settings in force.</summary>
    public Settings Current => Volatile.Read(ref _current);

    /// <summary>Begins to watch. Where the system refuses that, <c>loaded</c> hears of it and the settings stay as they are.</summary>
    public void Start() => _changes.Start();

    public void Dispose()
    {
        _changes.Dispose();
        _timer.Dispose();
    }

    internal void OnChanged()
    {
        lock (_timing)
        {
            long now = _time.GetTimestamp();
            _waitingSince ??= now;
            TimeSpan left = Longest - _time.GetElapsedTime(_waitingSince.Value, now);
            _timer.Change(left <= TimeSpan.Zero ? TimeSpan.Zero : left < Quiet ? left : Quiet, Timeout.InfiniteTimeSpan);
        }
    }

    private void Reload()
    {
        lock (_timing)
            _waitingSince = null;
        lock (_reloading)
        {
            ConfigResult result = _load(_path);

            // Its folder was made, or another file came into it: that there is no configuration was no mistake before either.
            bool isThere = result.IsValid || File.Exists(_path);
            if (!isThere && !_wasThere)
                return;
            _wasThere = isThere;
            if (result.IsValid)
                Volatile.Write(ref _current, result.Settings);
            _loaded(result);
        }
    }

    private void Report(string reason)
    {
        lock (_reloading)
            _loaded(ConfigResult.Failed(_path, $"changes of this file will not be noticed: {reason}"));
    }
}
