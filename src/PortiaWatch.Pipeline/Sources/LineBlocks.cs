using System.Buffers;
using System.Diagnostics;

namespace PortiaWatch.Pipeline.Sources;

/// <summary>
/// Cuts a stream of bytes into blocks of whole lines, however the reads cut it. Read into <see cref="Free"/>, call <see cref="Added"/>, then take blocks until there is
/// none. One pooled buffer; each byte is looked at for a line end once. Not thread-safe.
/// </summary>
/// <param name="maxLineBytes">Longest line kept, its line end not counted. Of a longer one the beginning is kept and the rest is skipped.</param>
public sealed class LineBlocks(int maxLineBytes = LineBlocks.DefaultMaxLineBytes)
{
    /// <summary>64 KiB: longer than any line with a collision in it, and a whole pipe's worth of short ones.</summary>
    public const int DefaultMaxLineBytes = 64 * 1024;

    private const byte LineEnd = (byte)'\n';

    // One more than the cap, so that the longest line fits with its end. A pooled array may be longer.
    private readonly int _capacity = maxLineBytes + 1;
    private byte[] _buffer = [];
    private int _start;
    private int _end;
    private int _searched;
    private long _nextLine = 1;
    private bool _isSkipping;
    private bool _followsGap;

    /// <summary>Where the next bytes go; never empty once <see cref="TryTake"/> has returned false. Invalidates blocks taken before.</summary>
    public Memory<byte> Free
    {
        get
        {
            if (_buffer.Length < _capacity)
                MoveTo(ArrayPool<byte>.Shared.Rent(_capacity));
            else if (_start > 0)
                MoveTo(_buffer);
            return _buffer.AsMemory(_end.._capacity);
        }
    }

    /// <summary>True when part of a line waits for the rest of it.</summary>
    public bool HasPartialLine => _end > _start;

    /// <summary>Says that <paramref name="count"/> bytes were put at the beginning of <see cref="Free"/>.</summary>
    public void Added(int count)
    {
        Debug.Assert(count >= 0 && count <= _capacity - _end);
        _end += count;
        if (_isSkipping)
            SkipToLineEnd();
    }

    /// <summary>Takes all whole lines there are, or the beginning of a line that is too long. False when more bytes are needed.</summary>
    public bool TryTake(out LineBlock block)
    {
        var lastEnd = _buffer.AsSpan(_searched, _end - _searched).LastIndexOf(LineEnd);
        if (lastEnd >= 0)
        {
            block = Take(_searched + lastEnd + 1 - _start, isCut: false);
            return true;
        }

        _searched = _end;
        if (_end - _start < _capacity)
        {
            block = default;
            return false;
        }

        block = Take(maxLineBytes, isCut: true);
        _isSkipping = true;
        _followsGap = true;
        SkipToLineEnd();
        return true;
    }

    /// <summary>Takes the last line, which nobody ended; false when there is none. Afterwards the next line follows a gap.</summary>
    public bool TryTakeRest(out LineBlock block)
    {
        block = default;
        var hasRest = HasPartialLine;
        if (hasRest)
            block = Take(_end - _start, isCut: false);
        _isSkipping = false;
        _followsGap = true;
        return hasRest;
    }

    /// <summary>Gives the buffer back for the time in which nothing is read; only a partial line is kept. Invalidates blocks taken before.</summary>
    public void Rest()
    {
        var pooled = _buffer;
        MoveTo(HasPartialLine ? new byte[_end - _start] : []);
        if (pooled.Length >= _capacity)
            ArrayPool<byte>.Shared.Return(pooled);
    }

    /// <summary>Begins a new text: what is left of the old one is dropped, lines are counted from 1 again.</summary>
    public void Restart()
    {
        (_start, _end, _searched, _nextLine) = (0, 0, 0, 1);
        _isSkipping = false;
        _followsGap = true;
    }

    /// <summary>Says that what comes next does not belong to what came before.</summary>
    public void MarkGap() => _followsGap = true;

    private void MoveTo(byte[] buffer)
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(buffer);
        (_buffer, _start, _end, _searched) = (buffer, 0, _end - _start, _searched - _start);
    }

    private LineBlock Take(int length, bool isCut)
    {
        var bytes = _buffer.AsMemory(_start, length);
        var block = new LineBlock(bytes, _nextLine, _followsGap, isCut);
        var ends = bytes.Span.Count(LineEnd);
        _nextLine += bytes.Span[^1] == LineEnd ? ends : ends + 1;
        _followsGap = false;
        _start += length;
        _searched = Math.Max(_searched, _start);
        return block;
    }

    private void SkipToLineEnd()
    {
        var lineEnd = _buffer.AsSpan(_start, _end - _start).IndexOf(LineEnd);
        if (lineEnd < 0)
        {
            _start = _searched = _end;
            return;
        }

        _start += lineEnd + 1;
        _searched = Math.Max(_searched, _start);
        _isSkipping = false;
    }
}
