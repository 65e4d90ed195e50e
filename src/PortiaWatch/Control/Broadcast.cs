using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Control;

/// <summary>Hands incidents to everybody who follows them. Costs nothing while nobody does, and never waits for anybody. Thread-safe.</summary>
internal sealed class Broadcast
{
    private const int MostViewers = 16;

    private readonly Lock _lock = new();
    private Viewer[] _viewers = [];
    private long _missed;

    public int Viewers => Volatile.Read(ref _viewers).Length;

    /// <summary>Lines that viewers did not take in time, of all viewers ever.</summary>
    public long Missed => Interlocked.Read(ref _missed);

    /// <summary>Null when there are as many as there may be.</summary>
    public Viewer? Join()
    {
        lock (_lock)
        {
            if (_viewers.Length >= MostViewers)
                return null;
            var viewer = new Viewer();
            Volatile.Write(ref _viewers, [.. _viewers, viewer]);
            return viewer;
        }
    }

    public void Leave(Viewer viewer)
    {
        lock (_lock)
            Volatile.Write(ref _viewers, [.. _viewers.Where(other => other != viewer)]);
    }

    /// <param name="verdict">What was decided.</param>
    /// <param name="outcome">Null while nothing has been done yet.</param>
    public void Tell(Verdict verdict, Outcome? outcome)
    {
        if (Viewers > 0)
            Tell(IncidentJson.ToUtf8(verdict, outcome));
    }

    /// <param name="incident">One that was written already: one line, whoever reads it.</param>
    public void Tell(byte[] incident)
    {
        foreach (Viewer viewer in Volatile.Read(ref _viewers))
        {
            if (!viewer.Offer(incident))
                Interlocked.Increment(ref _missed);
        }
    }
}
