using System.Diagnostics.CodeAnalysis;
using PortiaWatch.Pipeline.Detection;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Sources;

namespace PortiaWatch.Running;

/// <summary>Reads along what the command writes into one stream. Belongs to one thread; memory is one line's worth.</summary>
/// <param name="stream">Lines of different streams are never joined.</param>
/// <param name="time">When it was heard.</param>
/// <param name="heard">Gets what is found; must not block.</param>
internal sealed class Ear(string stream, TimeProvider time, Action<Sighting> heard)
{
    private readonly LineBlocks _lines = new();
    private readonly List<Sighting> _found = [];
    private Detector? _detector;
    private bool _isDeaf;

    /// <summary>Where the next bytes go.</summary>
    public Memory<byte> Free => _lines.Free;

    /// <summary>A failure has been read of which more may follow: <see cref="Settle"/> is due within <see cref="Detector.BlockWait"/>.</summary>
    public bool IsExpecting => _detector?.NextFlush is not null;

    /// <summary>So many bytes were put into <see cref="Free"/>.</summary>
    public void Listen(int count) => Guarded(() =>
    {
        _lines.Added(count);
        while (_lines.TryTake(out LineBlock block))
            Read(block);
    });

    /// <summary>Tells what has waited long enough for a further line.</summary>
    public void Settle() => Guarded(() => _detector?.Flush(time.GetUtcNow(), _found));

    /// <summary>The stream has ended.</summary>
    public void End() => Guarded(() =>
    {
        if (_lines.TryTakeRest(out LineBlock rest))
            Read(rest);
        _detector?.Complete(_found);
        _lines.Rest();
    });

    private void Read(LineBlock block)
    {
        DateTimeOffset now = time.GetUtcNow();
        _detector ??= new Detector();
        _detector.Flush(now, _found);
        _detector.Detect(
            new LogRecord
            {
                Text = block.Bytes,
                Source = "run",
                Trust = Trust.Child,
                Time = now,
                ReadAt = now,
                Stream = stream,
                Number = block.FirstLine,
                FollowsGap = block.FollowsGap,
            },
            _found);
    }

    [SuppressMessage("Design", "CA1031", Justification = "A defect in reading along must never touch what the command writes: from then on nothing is read.")]
    private void Guarded(Action listen)
    {
        if (_isDeaf)
        {
            _lines.Restart();
            return;
        }

        try
        {
            listen();
        }
        catch (Exception)
        {
            _isDeaf = true;
        }

        foreach (Sighting sighting in _found)
            heard(sighting);
        _found.Clear();
    }
}
