using System.Text;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Verbs;

/// <summary>The lines around a sighting, for a person. A block is told only after its last line, so that what follows its first one has been read by then.</summary>
internal sealed class ScanContext(int count)
{
    // A block of the longest kind and the lines around it.
    private const int MaxLines = 512;
    private const int MaxChars = 240;

    private readonly Queue<(long Number, string Text)> _lines = new();

    public void Remember(ReadOnlyMemory<byte> text, long number)
    {
        foreach (var range in text.Span.Split((byte)'\n'))
        {
            var raw = text.Span[range];
            if (range.End.Value == text.Length && raw.IsEmpty)
                break;
            if (_lines.Count == MaxLines * 8)
                _lines.Dequeue();
            _lines.Enqueue((number++, Encoding.UTF8.GetString(raw[..Math.Min(raw.Length, MaxChars * 2)])));
        }
    }

    /// <summary>The lines before and after line <paramref name="number"/>, as far as they are remembered.</summary>
    public IEnumerable<(long Number, string Text)> Around(long number) =>
        _lines.Where(line => line.Number >= number - count && line.Number <= number + count).Select(line => (line.Number, PlainText.Clean(line.Text, MaxChars)));
}
