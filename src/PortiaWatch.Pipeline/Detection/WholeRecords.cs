using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Detection;

/// <summary>
/// Takes messages that are complete in themselves: journal and log stream records, a program's own JSON lines. Each stands for itself; only a port-less one waits for a
/// record of the same sender that clearly goes on with it.
/// </summary>
internal static class WholeRecords
{
    public static void Take(StreamState state, LogRecord record, List<Sighting> into)
    {
        var text = record.Text.Span;
        if (state.Open.Count == 0 && (AnchorFilter.IndexOf(text) < 0 || !LineSigns.AreWorthReading(text)))
        {
            Remember(state, record);
            return;
        }

        var lines = new List<string>();
        foreach (var range in text.Split((byte)'\n'))
            lines.AddRange(Envelope.Open(text[range].TrimEnd((byte)'\r')).Lines.SelectMany(Windows.Of));
        var before = record.Stream.Length > 0 && record.Time - state.LastTime <= Detector.BlockWait ? state.LinesBefore([]) : [];
        Take(state, new Envelope("", lines, true), record, record.Number, before, into);
        Remember(state, record);
    }

    /// <summary>A whole message inside a file of lines.</summary>
    public static void Take(StreamState state, Envelope envelope, LogRecord record, long number, List<Sighting> into) =>
        Take(state, envelope, record, number, [], into);

    private static void Take(StreamState state, Envelope envelope, LogRecord record, long number, List<byte[]> before, List<Sighting> into)
    {
        var lines = envelope.Lines.Select(part => new Line(part, number, ++state.Order)).ToList();
        if (state.Find(envelope.Tag) is { } open)
        {
            var continues = open.IsWhole && lines.Count == 1 && record.Time - open.Record.Time <= Detector.BlockWait && (record.Stream.Length > 0 || envelope.Tag.Length > 0) && open.Accepts(lines[0]);
            if (continues)
                open.Add(lines[0]);
            // A dump comes property by property: the block stays open until one of them is the port.
            if (!continues || open.NamesItsEndpoint)
                state.Close(open, into);
            if (continues)
                return;
        }

        if (lines.Count == 0)
            return;
        var block = new OpenBlock(envelope.Tag, record with { Text = default }, new Context(() => Announcement(lines, before)), record.ReadAt) { IsWhole = true, Program = envelope.Program };
        lines.ForEach(block.Add);
        var findings = BlockReader.Read(lines, Context.None);
        if (findings.Count == 0)
            return;
        // Only an error without its port has anything to wait for.
        if (findings.All(finding => finding.Endpoint.IsComplete || !finding.Evidence.IsError) || lines.Count > 1 || record.Stream.Length == 0 && envelope.Tag.Length == 0)
            block.Tell(true, into);
        else
            state.AddOpen(block, into);
    }

    // The one record before, when it is a single line of the same make: "1795310169: Opening ipv4 listen socket on port 1883."
    private static List<Line> Announcement(List<Line> lines, List<byte[]> before)
    {
        if (before.Count == 0 || lines.Count != 1)
            return [];
        var line = new Line(System.Text.Encoding.UTF8.GetString(before[^1]), 0, -1);
        var prefix = Prefix(line.Text);
        return prefix.Length > 0 && prefix == Prefix(lines[0].Text) && line.Evidence.Count == 0 ? [line] : [];
    }

    // The shape of the time stamp at the head of a line; empty when it begins with a word.
    private static string Prefix(string text)
    {
        var end = 0;
        while (end < text.Length && end < 40 && (char.IsAsciiDigit(text[end]) || text[end] is ':' or '.' or '-' or ' ' or '[' or ']' or '/' or ','))
            end++;
        return string.Concat(text.AsSpan(0, end).ToString().Select(c => char.IsAsciiDigit(c) ? '0' : c));
    }

    private static void Remember(StreamState state, LogRecord record)
    {
        state.Forget();
        state.LastTime = record.Time;
        if (record.Stream.Length > 0 && record.Text.Length <= 512 && !record.Text.Span.Contains((byte)'\n'))
            state.Remember(record.Text.Span);
    }
}
