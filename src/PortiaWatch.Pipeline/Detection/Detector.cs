using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Detection;

/// <summary>
/// Reads bind failures out of records. One instance belongs to one pipeline and one thread. A buffer without an anchor costs one vectorised look and allocates nothing; the
/// result does not depend on how a source cuts its lines into records.
/// </summary>
public sealed class Detector
{
    private const int MaxStreams = 256;
    private const int MaxLineBytes = 64 * 1024;

    /// <summary>How long a block may wait for its next line.</summary>
    public static readonly TimeSpan BlockWait = TimeSpan.FromMilliseconds(250);

    private readonly Dictionary<StreamKey, StreamState> _streams = new(StreamKey.Comparer);
    private long _clock;

    /// <summary>
    /// True (the default, for live sources) to tell a sighting as soon as its first line is complete and to swallow what follows; false to tell each block once, when it has
    /// ended.
    /// </summary>
    public bool TellsEarly { get; init; } = true;

    /// <summary>What the lines of text sources are read as.</summary>
    public LogFormat Format { get; init; }

    /// <summary>When the oldest open block is due; null when none is open.</summary>
    public DateTimeOffset? NextFlush
    {
        get
        {
            DateTimeOffset? next = null;
            foreach (var state in _streams.Values)
            {
                foreach (var block in state.Open)
                {
                    if (next is null || block.OpenedAt + BlockWait < next)
                        next = block.OpenedAt + BlockWait;
                }
            }

            return next;
        }
    }

    /// <summary>Searches one record and appends what is complete.</summary>
    public void Detect(LogRecord record, List<Sighting> into)
    {
        if (record.Reported is { } reported)
        {
            into.Add(new Sighting { Record = record, Kind = record.ReportedKind, Endpoint = reported, Pattern = record.Source, Text = Describe(record, reported), Number = record.Number });
            return;
        }

        var state = StateOf(record, into);
        if (record.FollowsGap)
        {
            state.CloseAll(into);
            state.Forget();
        }

        if (record.IsWhole)
            WholeRecords.Take(state, record, into);
        else
            TakeLines(state, record, into);
    }

    /// <summary>Closes the blocks that have been open for <see cref="BlockWait"/>, and those whose time lies ahead because the clock was put back.</summary>
    public void Flush(DateTimeOffset now, List<Sighting> into)
    {
        foreach (var state in _streams.Values)
        {
            for (var i = state.Open.Count - 1; i >= 0; i--)
            {
                TimeSpan age = now - state.Open[i].OpenedAt;
                if (age >= BlockWait || age < -BlockWait)
                    state.Close(state.Open[i], into);
            }
        }
    }

    /// <summary>The end of the input: closes every block.</summary>
    public void Complete(List<Sighting> into)
    {
        foreach (var state in _streams.Values)
            state.CloseAll(into);
        _streams.Clear();
    }

    private void TakeLines(StreamState state, LogRecord record, List<Sighting> into)
    {
        var text = record.Text.Span;
        var number = record.Number;
        var counted = 0;
        var at = 0;
        while (at < text.Length)
        {
            var start = at;
            if (state.Open.Count == 0)
            {
                var hit = AnchorFilter.IndexOf(text[at..]);
                if (hit < 0)
                    break;
                start = at + text.Slice(at, hit).LastIndexOf((byte)'\n') + 1;
            }

            var length = text[start..].IndexOf((byte)'\n');
            var end = length < 0 ? text.Length : start + length;
            at = end + 1;
            if (state.Open.Count == 0 && !LineSigns.AreWorthReading(text[start..end]))
                continue;
            // Lines are counted only up to those that are read.
            number += text[counted..start].Count((byte)'\n');
            counted = start;
            TakeLine(state, record, text, start, end, number, into);
        }

        state.Remember(text);
    }

    private void TakeLine(StreamState state, LogRecord record, ReadOnlySpan<byte> text, int start, int end, long number, List<Sighting> into)
    {
        var before = text[..start];
        // A carriage return redraws a line or, on old systems, ends it: what stands between two is a line of its own.
        foreach (var range in text[start..end].Split((byte)'\r'))
        {
            var raw = text[start..end][range];
            if (raw.Length > MaxLineBytes)
                raw = raw[..MaxLineBytes];
            if (raw.Length > 0 && (state.Open.Count > 0 || AnchorFilter.IndexOf(raw) >= 0) || raw.Length == 0 && start == end && state.Open.Count > 0)
                TakeEnvelope(state, record, Envelope.Open(raw, Format), before, number, into);
        }
    }

    private void TakeEnvelope(StreamState state, LogRecord record, Envelope envelope, ReadOnlySpan<byte> before, long number, List<Sighting> into)
    {
        foreach (var block in state.Open.ToArray())
        {
            if (block.Tag != envelope.Tag && (block.OutwaitsForeign() || block.IsWhole && envelope.Time - block.Record.Time > BlockWait))
                state.Close(block, into);
        }

        if (envelope.IsWhole)
        {
            WholeRecords.Take(state, envelope, Claimed(record, envelope), number, into);
            return;
        }

        foreach (var part in envelope.Lines.SelectMany(Windows.Of))
            TakePart(state, record, envelope, new Line(part, number, ++state.Order), before, into);
    }

    // Old text that arrives now tells of an old failure; but no text may make itself younger than its arrival.
    private LogRecord Claimed(LogRecord record, Envelope envelope)
    {
        if (!TellsEarly)
            return record with { Time = envelope.Time ?? record.Time };
        return envelope.StatedBy is { } stated && stated < record.Time ? record with { Time = stated } : record;
    }

    private void TakePart(StreamState state, LogRecord record, Envelope envelope, Line line, ReadOnlySpan<byte> before, List<Sighting> into)
    {
        if (state.Find(envelope.Tag) is { } block)
        {
            if (block.Accepts(line))
            {
                block.Add(line);
                if (TellsEarly)
                    block.Tell(false, into);
                return;
            }

            state.Close(block, into);
        }

        if (line.Evidence.Count == 0)
            return;
        var opened = new OpenBlock(envelope.Tag, Claimed(record, envelope) with { Text = default }, ContextOf(state, before, envelope.Tag), record.ReadAt) { Program = envelope.Program };
        opened.Add(line);
        state.AddOpen(opened, into);
        if (TellsEarly)
            opened.Tell(false, into);
    }

    private static Context ContextOf(StreamState state, ReadOnlySpan<byte> before, string tag)
    {
        var raw = state.LinesBefore(before);
        return new Context(() => [.. raw.Select(line => Envelope.Open(line)).Where(envelope => envelope.Tag == tag && !envelope.IsWhole).SelectMany(envelope => envelope.Lines).Select(part => new Line(part, 0, -1))]);
    }

    private StreamState StateOf(LogRecord record, List<Sighting> into)
    {
        var key = new StreamKey(record.Source, record.Stream);
        if (!_streams.TryGetValue(key, out var state))
        {
            if (_streams.Count >= MaxStreams)
            {
                var oldest = _streams.MinBy(pair => pair.Value.LastUsed);
                oldest.Value.CloseAll(into);
                _streams.Remove(oldest.Key);
            }

            _streams.Add(key, state = new StreamState());
        }

        state.LastUsed = ++_clock;
        return state;
    }

    private static string Describe(LogRecord record, Endpoint endpoint)
    {
        const int Most = 4096;
        if (!record.Text.IsEmpty)
            return PlainText.Clean(System.Text.Encoding.UTF8.GetString(record.Text.Span[..Math.Min(record.Text.Length, Most)]), Most);
        var after = record.ReportedKind == SightingKind.Soft ? " and serves on another port" : "";
        return PlainText.Clean($"{record.Sender?.Name ?? "a process"} was refused {endpoint}{after}", Most);
    }
}
