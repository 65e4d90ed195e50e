using System.Threading.Channels;

namespace PortiaWatch.Pipeline.Sources;

/// <summary>
/// Changes between the watchers' threads and the one that reads. A file written a thousand times before it is looked at is one entry; too many entries become one that says
/// "look at everything". Thread-safe.
/// </summary>
internal sealed class FileChanges
{
    private const int MaxPending = 4096;

    private readonly Lock _lock = new();
    private readonly List<FileChange> _pending = [];
    private readonly HashSet<FileChange> _known = [];

    // Carries no data: something is pending.
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Add(FileChange change)
    {
        lock (_lock)
        {
            // Two moves between the same names are two events; everything else says "look again" and is said once.
            if (!_known.Add(change) && change.Kind != FileChangeKind.Moved)
                return;
            if (_pending.Count >= MaxPending)
            {
                Clear();
                change = new FileChange(FileChangeKind.Unknown, "");
                _known.Add(change);
            }

            _pending.Add(change);
        }

        _signal.Writer.TryWrite(true);
    }

    public IReadOnlyList<FileChange> Take()
    {
        lock (_lock)
        {
            FileChange[] taken = [.. _pending];
            Clear();
            return taken;
        }
    }

    public async Task WaitAsync(CancellationToken cancellation) => await _signal.Reader.ReadAsync(cancellation);

    private void Clear()
    {
        _pending.Clear();
        _known.Clear();
    }
}
