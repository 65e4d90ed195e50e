namespace PortiaWatch.Web;

/// <summary>Whether somebody looks: the end of the program when nobody has for a while. Thread-safe.</summary>
internal sealed class Presence(TimeSpan patience, TimeProvider time)
{
    // An open page keeps a stream open; how late its absence is noticed matters little.
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(15);

    private readonly Lock _lock = new();
    private DateTimeOffset _last = time.GetUtcNow();
    private int _streams;

    /// <summary>Somebody asked for something.</summary>
    public void Note()
    {
        lock (_lock)
            _last = time.GetUtcNow();
    }

    /// <summary>Somebody stays; null when there are too many already.</summary>
    public bool TryEnter(int most)
    {
        lock (_lock)
        {
            if (_streams >= most)
                return false;
            _streams++;
            return true;
        }
    }

    public void Leave()
    {
        lock (_lock)
        {
            _streams--;
            _last = time.GetUtcNow();
        }
    }

    /// <summary>Ends when nobody has looked for as long as that; throws when cancelled.</summary>
    public async Task WaitForAbsenceAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(patience < BetweenLooks ? patience : BetweenLooks, time);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            lock (_lock)
            {
                if (_streams == 0 && time.GetUtcNow() - _last >= patience)
                    return;
            }
        }
    }
}
