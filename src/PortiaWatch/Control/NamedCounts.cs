namespace PortiaWatch.Control;

/// <summary>Counts by name. Thread-safe; names are a handful of our own constants.</summary>
internal sealed class NamedCounts
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);

    public void Add(string name, long count = 1)
    {
        lock (_lock)
            _counts[name] = _counts.GetValueOrDefault(name) + count;
    }

    public IReadOnlyDictionary<string, long> Snapshot()
    {
        lock (_lock)
            return new SortedDictionary<string, long>(_counts, StringComparer.Ordinal);
    }
}
