namespace PortiaWatch.Pipeline.History;

/// <summary>One port's work from the first refusal until it was free, over the incidents that belong together.</summary>
internal sealed class Blockage(HistoryEntry first)
{
    /// <summary>Somebody who tries again after this long has done something else in between.</summary>
    public static readonly TimeSpan LongestGap = TimeSpan.FromMinutes(10);

    private bool _isOver = first.FreedAt is not null;
    private DateTimeOffset _end = EndOf(first);

    public HistoryEntry First { get; } = first;

    public TimeSpan Length => _end - First.First;

    /// <summary>False when the incident is the begin of another blockage.</summary>
    public bool Takes(HistoryEntry next)
    {
        if (_isOver || next.First - _end >= LongestGap)
            return false;
        _isOver = next.FreedAt is not null;
        _end = _end > EndOf(next) ? _end : EndOf(next);
        return true;
    }

    private static DateTimeOffset EndOf(HistoryEntry entry)
    {
        DateTimeOffset end = entry.FreedAt ?? entry.Last;
        return end > entry.First ? end : entry.First;
    }
}
