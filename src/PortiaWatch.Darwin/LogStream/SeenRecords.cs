namespace PortiaWatch.Darwin.LogStream;

/// <summary>Remembers the last records, so that what log show fills in after a gap is not taken twice.</summary>
internal sealed class SeenRecords
{
    private const int Kept = 4096;

    private readonly HashSet<(ulong, ulong, ulong)> _keys = [];
    private readonly Queue<(ulong, ulong, ulong)> _order = [];

    /// <summary>False when it was there already. A record without a key is always new.</summary>
    public bool Add((ulong MachTimestamp, ulong Thread, ulong Trace) key)
    {
        if (key.MachTimestamp == 0)
            return true;
        if (!_keys.Add(key))
            return false;
        _order.Enqueue(key);
        if (_order.Count > Kept)
            _keys.Remove(_order.Dequeue());
        return true;
    }
}
