using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Policies;

/// <summary>
/// Which questions are open and which were answered with "leave": nobody is asked the same thing twice at a time, or again and again by a program that keeps trying.
/// Thread-safe and bounded.
/// </summary>
internal sealed class QuestionBook(TimeProvider time)
{
    private const int MostOpen = 3;
    private const int MostRemembered = 64;

    private readonly Lock _lock = new();
    private readonly HashSet<Endpoint> _open = [];
    private readonly List<Left> _left = [];

    /// <summary>After "leave", the same endpoint with the same holders is not asked about for this long.</summary>
    public static TimeSpan Quiet { get; } = TimeSpan.FromMinutes(10);

    /// <summary>Null when the question may be asked (and is open from now on); else why not, one plain sentence.</summary>
    public string? TryOpen(Incident incident)
    {
        lock (_lock)
        {
            DateTimeOffset now = time.GetUtcNow();
            _left.RemoveAll(l => now - l.At >= Quiet);
            if (_open.Contains(Key(incident.Endpoint)))
                return "You are being asked about this port already.";
            if (_left.Exists(l => l.Endpoint == Key(incident.Endpoint) && Holders(incident).SetEquals(l.Holders)))
                return "You said to leave this holder alone; it is not asked again for 10 minutes.";
            if (_open.Count >= MostOpen)
                return $"{MostOpen} questions are open already.";
            _open.Add(Key(incident.Endpoint));
            return null;
        }
    }

    public void Close(Incident incident, bool isLeft)
    {
        lock (_lock)
        {
            _open.Remove(Key(incident.Endpoint));
            if (!isLeft)
                return;
            if (_left.Count >= MostRemembered)
                _left.RemoveAt(0);
            _left.Add(new Left(Key(incident.Endpoint), Holders(incident), time.GetUtcNow()));
        }
    }

    /// <summary>One port is one question, however the programs that want it spell the address.</summary>
    private static Endpoint Key(Endpoint endpoint) => endpoint with { Address = null, Transport = endpoint.Transport ?? Transport.Tcp };

    private static HashSet<ProcessIdentity?> Holders(Incident incident) => [.. incident.Holders.Select(h => h.Process?.Identity)];

    private sealed record Left(Endpoint Endpoint, HashSet<ProcessIdentity?> Holders, DateTimeOffset At);
}
