using Microsoft.Win32.SafeHandles;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Sources;

/// <summary>One open file and how far it has been read. It stays open, so that its end can be read after it was renamed or deleted. Owned by one reader; not thread-safe.</summary>
internal sealed class FollowedFile : IDisposable
{
    // Enough to tell a rewritten file from one that grew.
    private const int MaxRemembered = 64;

    private readonly SafeFileHandle _handle;
    private readonly TimeProvider _time;
    private readonly LineBlocks _lines = new();
    private readonly byte[] _lastRead = new byte[MaxRemembered];
    private long _offset;
    private int _remembered;
    private bool _countsLines = true;

    public FollowedFile(string path, SafeFileHandle handle, (ulong Device, ulong Inode)? identity, TimeProvider time)
    {
        Path = path;
        Stream = path;
        Identity = identity;
        _handle = handle;
        _time = time;
    }

    /// <summary>Where it is now.</summary>
    public string Path { get; set; }

    /// <summary>Where it was found first: its writer's name for it, whatever became of the name since.</summary>
    public string Stream { get; }

    /// <summary>Null when the system does not tell.</summary>
    public (ulong Device, ulong Inode)? Identity { get; }

    public bool IsEmpty => RandomAccess.GetLength(_handle) == 0;

    /// <summary>Why it could not be read the last time; null when it could.</summary>
    public string? Failure { get; private set; }

    public void Dispose()
    {
        _lines.Rest();
        _handle.Dispose();
    }

    /// <summary>How far this file was read, for a later reader of the same file.</summary>
    public ReadingMark Mark => new(_offset, _lastRead[.._remembered]);

    /// <summary>What was written before now is not read. Lines have no numbers then.</summary>
    public void SkipToEnd()
    {
        var length = RandomAccess.GetLength(_handle);
        var tail = new byte[(int)Math.Min(length, MaxRemembered)];
        ContinueAt(new ReadingMark(length, tail[..ReadAt(tail, length - tail.Length)]));
    }

    /// <summary>Goes on where an earlier reader was, if the file still has what that one read last; else begins at the beginning.</summary>
    public void ContinueAt(ReadingMark mark)
    {
        _offset = mark.Offset;
        mark.LastRead.CopyTo(_lastRead, 0);
        _remembered = mark.LastRead.Length;
        _countsLines = _offset == 0;
        if (HasWhatWasRead())
            _lines.MarkGap();
        else
            BeginAgain();
    }

    /// <summary>Everything up to the present end of the file.</summary>
    public IEnumerable<LogRecord> ReadNew(SourceReport report)
    {
        var hasWhatWasRead = HasWhatWasRead();
        if (Failure is not null)
            yield break;
        if (!hasWhatWasRead)
        {
            foreach (var record in ReadRest())
                yield return record;
            BeginAgain();
        }

        var written = WrittenBefore();
        while (true)
        {
            var count = ReadAt(_lines.Free.Span, _offset);
            if (count == 0)
                break;

            // Written again between two reads, the new file would be taken for more of the old one.
            if (!HasWhatWasRead() && Failure is null)
            {
                foreach (var record in ReadRest())
                    yield return record;
                BeginAgain();
                continue;
            }

            if (Failure is not null)
                break;
            Remember(_lines.Free.Span[..count]);
            _offset += count;
            _lines.Added(count);
            while (_lines.TryTake(out var block))
            {
                if (block.IsCut)
                    report.CountCut();
                yield return Record(block, written);
            }
        }

        _lines.Rest();
    }

    /// <summary>The last line if nobody has ended it: for when nothing more is to come.</summary>
    public IEnumerable<LogRecord> ReadRest()
    {
        if (_lines.TryTakeRest(out var rest))
            yield return Record(rest, WrittenBefore());
    }

    /// <summary>Says that lines of another file with the same <see cref="Stream"/> came in between.</summary>
    public void MarkGap() => _lines.MarkGap();

    private void BeginAgain()
    {
        _lines.Restart();
        (_offset, _remembered, _countsLines) = (0, 0, true);
    }

    private LogRecord Record(LineBlock block, DateTimeOffset written) => new()
    {
        Text = block.ToArray(),
        Source = "file",
        Trust = Trust.Text,
        Time = written,
        ReadAt = _time.GetUtcNow(),
        Stream = Stream,
        Number = _countsLines ? block.FirstLine : 0,
        FollowsGap = block.FollowsGap,
    };

    // No byte was written later than the file's own time says: an old file moved into place is thus history, however new its name is.
    private DateTimeOffset WrittenBefore()
    {
        var now = _time.GetUtcNow();
        var modified = new DateTimeOffset(File.GetLastWriteTimeUtc(_handle));
        return modified < now ? modified : now;
    }

    // A file truncated and written again past its old end has grown for all that its size says, so its content is asked.
    private bool HasWhatWasRead()
    {
        Span<byte> there = stackalloc byte[MaxRemembered];
        there = there[.._remembered];
        return ReadAt(there, _offset - _remembered) == _remembered && there.SequenceEqual(_lastRead.AsSpan(0, _remembered));
    }

    private void Remember(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length >= MaxRemembered)
        {
            bytes[^MaxRemembered..].CopyTo(_lastRead);
            _remembered = MaxRemembered;
            return;
        }

        var kept = Math.Min(_remembered, MaxRemembered - bytes.Length);
        _lastRead.AsSpan(_remembered - kept, kept).CopyTo(_lastRead);
        bytes.CopyTo(_lastRead.AsSpan(kept));
        _remembered = kept + bytes.Length;
    }

    private int ReadAt(Span<byte> buffer, long offset)
    {
        try
        {
            Failure = null;
            return RandomAccess.Read(_handle, buffer, offset);
        }
        catch (IOException exception)
        {
            // A disk error or a network share gone away: this file ends here, the others go on.
            Failure = exception.Message;
            return 0;
        }
    }
}
