using System.Diagnostics.CodeAnalysis;

namespace PortiaWatch.Pipeline;

/// <summary>What is known of the latest ids; beyond <paramref name="most"/> the oldest id is forgotten. Thread-safe.</summary>
internal sealed class Recent<T>(int most)
{
    private readonly Dictionary<string, T> _known = [];
    private readonly Queue<string> _order = new();
    private readonly Lock _lock = new();

    public bool TryGet(string id, [MaybeNullWhen(false)] out T value)
    {
        lock (_lock)
            return _known.TryGetValue(id, out value);
    }

    public void Set(string id, T value)
    {
        lock (_lock)
        {
            if (!_known.ContainsKey(id))
            {
                if (_order.Count >= most)
                    _known.Remove(_order.Dequeue());
                _order.Enqueue(id);
            }

            _known[id] = value;
        }
    }
}
