using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Detection;

/// <summary>The lines of one failure as far as they have arrived.</summary>
internal sealed class OpenBlock(string tag, LogRecord record, Context before, DateTimeOffset openedAt)
{
    // A trace longer than this has said long ago what it was about.
    private const int MaxLines = 200;
    private const int MaxBlanks = 2;

    // Lines of other writers that may pass before a block counts as ended.
    private const int MaxForeign = 64;

    private readonly List<Line> _lines = [];
    private readonly List<Endpoint> _told = [];
    private int _blanks;
    private int _foreign;

    public string Tag { get; } = tag;

    public LogRecord Record { get; } = record;

    /// <summary>The program as the text names it; null when it does not.</summary>
    public string? Program { get; init; }

    public DateTimeOffset OpenedAt { get; } = openedAt;

    /// <summary>True for a message that is complete in itself: only a clear continuation in the next record joins it.</summary>
    public bool IsWhole { get; init; }

    public IReadOnlyList<Line> Lines => _lines;

    /// <summary>True when nothing is missing any more.</summary>
    public bool NamesItsEndpoint => BlockReader.Read(_lines, before).Any(finding => finding.Endpoint.IsComplete);

    public void Add(Line line)
    {
        _blanks = line.IsBlank ? _blanks + 1 : 0;
        _foreign = 0;
        _lines.Add(line);
    }

    /// <summary>True when <paramref name="line"/> belongs to the same failure.</summary>
    public bool Accepts(Line line)
    {
        if (_lines.Count >= MaxLines)
            return false;
        if (IsWhole)
            return Continuation.IsClear(line) && (line.Evidence.Count == 0 || Continuation.IsHint(line));
        if (line.IsBlank)
            return _blanks < MaxBlanks;
        return Continuation.Joins(_lines, before, line);
    }

    /// <summary>Counts a line of another writer; true when the block has waited long enough.</summary>
    public bool OutwaitsForeign() => ++_foreign > MaxForeign;

    /// <summary>What the block tells now and has not told yet. Before it is closed, only what no further line can change.</summary>
    public void Tell(bool isClosing, List<Sighting> into)
    {
        foreach (var finding in BlockReader.Read(_lines, before))
        {
            if (!isClosing && !finding.IsComplete || isClosing && _told.Count > 0 && !finding.Endpoint.IsComplete || _told.Any(told => told.Port == finding.Endpoint.Port && told.Path == finding.Endpoint.Path))
                continue;
            _told.Add(finding.Endpoint);
            into.Add(Sightings.From(finding, Record, Program, _lines));
        }
    }
}
