using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Debouncing;

/// <summary>One burst while its window is open.</summary>
internal sealed class OpenCollision
{
    // A burst is seen by a handful of sources at most.
    private const int MostSources = 16;

    private readonly string _id = Guid.NewGuid().ToString("n");
    private readonly List<string> _sources;
    private readonly DateTimeOffset _first;
    private DateTimeOffset _last;
    private int _count = 1;
    private bool _isSoft;
    private bool _hasOthers;

    /// <param name="first">What opened it.</param>
    /// <param name="closesAt">On the debounce's own stopwatch.</param>
    public OpenCollision(Sighting first, TimeSpan closesAt)
    {
        _sources = [first.Record.Source];
        _first = _last = first.Record.Time;
        Evidence = first;
        ClosesAt = closesAt;
    }

    public Sighting Evidence { get; private set; }

    public TimeSpan ClosesAt { get; }

    /// <summary>What it is known by: its endpoint, and the process that was refused.</summary>
    public List<CollisionKey> Keys { get; } = [];

    /// <summary>More is known than went on at first: repeats, or what became of the program.</summary>
    public bool HasNews => _count > 1 || _isSoft;

    /// <summary>
    /// False for a new failure after one that the program got over: it is none of its repeats. What is read late about a failure that the kernel saw is no new one, though:
    /// of that the kernel would have told as well.
    /// </summary>
    public bool Takes(Sighting sighting) =>
        sighting.Kind != SightingKind.Collision || Evidence.Kind == SightingKind.Collision || (Evidence.Kind == SightingKind.Soft && IsEcho(sighting.Record));

    /// <summary>True when this process is the only one that was refused here, as far as it was told.</summary>
    public bool IsOf(Sender? sender) => !_hasOthers && Evidence.Record.Sender?.Pid == sender?.Pid;

    /// <summary>The refused program serves on another port now: what became of a failure that is counted already.</summary>
    public void Grade()
    {
        _isSoft = true;
        Evidence = Evidence with { Kind = SightingKind.Soft };
    }

    /// <summary>Counts a repeat. True when it is evidence that can do more than what went on before.</summary>
    public bool Add(Sighting sighting)
    {
        _count++;
        _hasOthers |= sighting.Record.Sender is { } sender && Evidence.Record.Sender is { } known && sender.Pid != known.Pid;
        if (sighting.Record.Time > _last)
            _last = sighting.Record.Time;
        if (_sources.Count < MostSources && !_sources.Contains(sighting.Record.Source))
            _sources.Add(sighting.Record.Source);

        bool losesThePort = Evidence.Endpoint.IsComplete && !sighting.Endpoint.IsComplete;
        bool namesThePort = sighting.Endpoint.IsComplete && !Evidence.Endpoint.IsComplete;
        bool vouchedFor = sighting.Record.Trust >= Trust.System && Evidence.Record.Trust == Trust.Text && !losesThePort;
        if (namesThePort || vouchedFor || (sighting.Record.Trust > Evidence.Record.Trust && !losesThePort))
            Evidence = sighting;
        return namesThePort || vouchedFor;
    }

    private bool IsEcho(LogRecord record) =>
        Evidence.Record.Trust == Trust.Kernel && record.Trust < Trust.Kernel && (record.Sender is null || record.Sender.Pid == Evidence.Record.Sender?.Pid);

    public Collision Snapshot(CollisionPhase phase) => new()
    {
        Id = _id,
        Phase = phase,
        Evidence = Evidence,
        First = _first,
        Last = _last,
        Count = _count,
        Sources = [.. _sources],
    };
}
