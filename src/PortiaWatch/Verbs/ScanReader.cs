using System.Buffers;
using PortiaWatch.Pipeline.Detection;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Verbs;

/// <summary>
/// Streams one input through a detector in constant memory: one pooled buffer, cut at line ends. The text of a record lives only until the next read; a sighting has its
/// own copy of what it needs.
/// </summary>
internal sealed class ScanReader(Detector detector, string stream) : IDisposable
{
    // Large enough that reads do not show, small enough to stay in the second-level cache.
    private const int BufferBytes = 256 * 1024;
    private const int MaxLineBytes = 64 * 1024;

    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
    private int _length;
    private long _line = 1;
    private bool _isSkipping;
    private bool _followsGap;

    /// <summary>Called with each block of whole lines and the number of its first one, before its sightings are told.</summary>
    public Action<ReadOnlyMemory<byte>, long>? Block { get; init; }

    /// <summary>Reads up to one buffer. False at the end of the input, when every block is closed.</summary>
    public bool Read(Stream text, List<Sighting> into)
    {
        var count = text.Read(_buffer.AsSpan(_length, BufferBytes - _length));
        if (count == 0)
        {
            if (_length > 0)
                Give(_length, into);
            detector.Complete(into);
            return false;
        }

        _length += count;
        if (_isSkipping)
            SkipToLineEnd();
        var whole = _buffer.AsSpan(0, _length).LastIndexOf((byte)'\n') + 1;
        if (whole == 0 && _length == BufferBytes)
            whole = _buffer.AsSpan(0, _length).LastIndexOf((byte)'\r') + 1;
        if (whole > 0)
            Give(whole, into);
        else if (_length == BufferBytes)
            CutLine(into);
        return true;
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private void Give(int length, List<Sighting> into)
    {
        var text = _buffer.AsMemory(0, length);
        Block?.Invoke(text, _line);
        detector.Detect(
            new LogRecord { Text = text, Source = "file", Trust = Trust.Text, Time = default, ReadAt = default, Stream = stream, Number = _line, FollowsGap = _followsGap }, into);
        _followsGap = false;
        _line += text.Span.Count((byte)'\n');
        _buffer.AsSpan(length, _length - length).CopyTo(_buffer);
        _length -= length;
    }

    // Of a line without end the beginning is read and the rest passed over.
    private void CutLine(List<Sighting> into)
    {
        var rest = _length;
        _length = MaxLineBytes;
        Give(MaxLineBytes, into);
        _length = rest;
        _isSkipping = true;
        _followsGap = true;
        SkipToLineEnd();
    }

    private void SkipToLineEnd()
    {
        var end = _buffer.AsSpan(0, _length).IndexOf((byte)'\n');
        if (end < 0)
        {
            _length = 0;
            return;
        }

        _buffer.AsSpan(end + 1, _length - end - 1).CopyTo(_buffer);
        _length -= end + 1;
        _line++;
        _isSkipping = false;
    }
}
