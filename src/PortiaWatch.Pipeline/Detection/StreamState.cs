using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Detection;

/// <summary>What is remembered of one writer between records: its last lines, which may name the endpoint of an error to come, and the blocks that are still open.</summary>
internal sealed class StreamState
{
    // Enough for the announcement that mosquitto or named print before the error, and for the frames of a short traceback.
    private const int TailBytes = 2048;

    // Writers within one stream (compose services, syslog programs) whose blocks can be open side by side.
    private const int MaxOpen = 16;

    private readonly byte[] _tail = new byte[TailBytes];
    private int _tailLength;

    public List<OpenBlock> Open { get; } = new(1);

    public long LastUsed { get; set; }

    public long Order { get; set; }

    public DateTimeOffset LastTime { get; set; }

    public OpenBlock? Find(string tag) => Open.Find(block => block.Tag == tag);

    public void AddOpen(OpenBlock block, List<Sighting> into)
    {
        if (Open.Count == MaxOpen)
            Close(Open[0], into);
        Open.Add(block);
    }

    public void Close(OpenBlock block, List<Sighting> into)
    {
        Open.Remove(block);
        block.Tell(true, into);
    }

    public void CloseAll(List<Sighting> into)
    {
        while (Open.Count > 0)
            Close(Open[0], into);
    }

    public void Forget() => _tailLength = 0;

    /// <summary>Keeps the end of <paramref name="text"/>, so that the last bytes of the stream are remembered however it is cut.</summary>
    public void Remember(ReadOnlySpan<byte> text)
    {
        if (text.Length >= TailBytes)
        {
            text[^TailBytes..].CopyTo(_tail);
            _tailLength = TailBytes;
            return;
        }

        var kept = Math.Min(_tailLength, TailBytes - text.Length);
        _tail.AsSpan(_tailLength - kept, kept).CopyTo(_tail);
        text.CopyTo(_tail.AsSpan(kept));
        _tailLength = kept + text.Length;
    }

    /// <summary>The whole lines that precede a position: the remembered tail and <paramref name="text"/> up to it, at most the size of the tail.</summary>
    public List<byte[]> LinesBefore(ReadOnlySpan<byte> text)
    {
        Span<byte> joined = stackalloc byte[TailBytes];
        var fromText = Math.Min(text.Length, TailBytes);
        var fromTail = Math.Min(_tailLength, TailBytes - fromText);
        _tail.AsSpan(_tailLength - fromTail, fromTail).CopyTo(joined);
        text[^fromText..].CopyTo(joined[fromTail..]);
        ReadOnlySpan<byte> all = joined[..(fromTail + fromText)];
        // A full window begins in the middle of a line, as far as anybody can tell.
        if (all.Length == TailBytes)
            all = all[(all.IndexOf((byte)'\n') + 1)..];
        var lines = new List<byte[]>();
        while (all.Length > 0)
        {
            var end = all.IndexOf((byte)'\n');
            lines.Add(all[..(end < 0 ? all.Length : end)].ToArray());
            all = end < 0 ? [] : all[(end + 1)..];
        }

        return lines;
    }
}
