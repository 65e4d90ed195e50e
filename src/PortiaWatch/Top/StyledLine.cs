using PortiaWatch.Pipeline.Events;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace PortiaWatch.Top;

/// <summary>One line of the screen: cells beside each other, never wider than it may be.</summary>
/// <param name="width">In columns.</param>
/// <param name="isSelected">Shown inverted, over its whole width.</param>
internal sealed class StyledLine(int width, bool isSelected = false) : IRenderable
{
    private readonly List<Segment> _segments = [];
    private int _used;

    public int Room => width - _used;

    /// <param name="text">Cut with an ellipsis where it is too long.</param>
    /// <param name="style">Null: plain.</param>
    /// <param name="cell">Columns that it takes in any case; null: as many as it needs.</param>
    /// <param name="isRight">Aligned to the right of its cell.</param>
    public StyledLine Add(string text, Style? style = null, int? cell = null, bool isRight = false)
    {
        int room = Math.Min(cell ?? int.MaxValue, Room);
        if (room <= 0)
            return this;

        // Everything has been cleaned before; should anything have slipped through, it ends here.
        string shown = text.Any(char.IsControl) ? PlainText.Clean(text, Math.Max(1, text.Length)) : text;
        Style look = isSelected ? new Style(decoration: Decoration.Invert) : style ?? Style.Plain;
        var segment = new Segment(shown, look);
        if (segment.CellCount() > room)
            segment = new Segment((Segment.Truncate(segment, room - 1)?.Text ?? "") + "…", look);
        int padding = cell is null ? 0 : Math.Max(0, room - segment.CellCount());
        if (isRight)
            Append(new Segment(new string(' ', padding), look));
        Append(segment);
        if (!isRight)
            Append(new Segment(new string(' ', padding), look));
        return this;
    }

    /// <summary>Text whose end matters (a path): what is too long for the line is cut at its beginning.</summary>
    public StyledLine AddEnd(string text, Style? style = null)
    {
        int start = 0;
        while (start < text.Length && new Segment(text[start..]).CellCount() > Math.Max(0, Room - (start > 0 ? 1 : 0)))
            start += char.IsHighSurrogate(text[start]) && start + 1 < text.Length ? 2 : 1;
        return Add(start > 0 ? "…" + text[start..] : text, style);
    }

    /// <summary>Up to the end of the line.</summary>
    public StyledLine Fill(Style? style = null) => Add("", style, Math.Max(0, Room));

    public Measurement Measure(RenderOptions options, int maxWidth) => new(_used, _used);

    public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => _segments;

    private void Append(Segment segment)
    {
        if (segment.Text.Length == 0)
            return;
        _segments.Add(segment);
        _used += segment.CellCount();
    }
}
