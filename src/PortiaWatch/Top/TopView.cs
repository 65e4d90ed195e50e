using PortiaWatch.Rendering;
using Spectre.Console;

namespace PortiaWatch.Top;

/// <summary>Draws the model: a title, the two lists or what lies over them, the watcher, and one line of keys.</summary>
internal sealed class TopView(Paint paint, TimeProvider time)
{
    public const int LeastWidth = 40;
    public const int LeastHeight = 10;

    private const int RoomyHeight = 20;
    private const int MostSources = 4;

    private const string Keys = "j/k move  Tab pane  / filter  s sort  Enter more  x strike  m mute  ? help  q quit";
    private const string FewKeys = "/ filter  Enter details  x strike  ? help  q quit";

    private static readonly Style Title = new(decoration: Decoration.Bold);
    private static readonly Style Grey = new(Color.Grey);

    /// <summary>As many lines as the screen has.</summary>
    public IReadOnlyList<string> Draw(TopModel model, int width, int height)
    {
        if (width < LeastWidth || height < LeastHeight)
            return TooSmall(width, height);
        var lines = new List<string>(height) { Head(model, width) };
        if (model.Overlay is { } overlay)
        {
            Over(lines, overlay, width, height - 3);
        }
        else
        {
            int sources = height < RoomyHeight ? 0 : Math.Min(model.Watcher.Status?.Sources.Count ?? 0, MostSources);
            int room = height - 3 - sources;
            int incidents = Math.Clamp(room * 2 / 5, 3, Math.Max(3, model.Incidents.Count + 2));
            lines.AddRange(PortsPane.Draw(model, width, room - incidents, time.GetUtcNow()).Select(paint.Line));
            lines.AddRange(IncidentsPane.Draw(model, width, incidents, time).Select(paint.Line));
            lines.AddRange(WatcherPane.Draw(model.Watcher, width, sources).Select(paint.Line));
        }

        lines.Add(Foot(model, width));
        return lines;
    }

    /// <summary>How many lines of an overlay are on a screen of this height.</summary>
    public static int OverlayRoom(int height) => Math.Max(1, height - 3);

    private string Head(TopModel model, int width)
    {
        var line = new StyledLine(width);
        line.Add(" portia top ", new Style(decoration: Decoration.Bold | Decoration.Invert));
        line.Add($"  {Count(model.Ports.Count, "port")}, {Count(model.Incidents.Count, "incident")}, by {model.Order.ToString().ToLowerInvariant()}", Grey);
        if (model.Filter.Length > 0)
            line.Add($", only \"{model.Filter}\"", new Style(Color.Yellow));
        if (model.Muted > 0)
            line.Add($", {model.Muted} muted (M shows all)", Grey);
        return paint.Line(line);
    }

    private void Over(List<string> lines, Overlay overlay, int width, int room)
    {
        IReadOnlyList<string> text = overlay.Draw(width);
        overlay.Top = Math.Clamp(overlay.Top, 0, Math.Max(0, text.Count - room));
        string more = text.Count > room ? $"  ({overlay.Top + 1} to {Math.Min(overlay.Top + room, text.Count)} of {text.Count} lines)" : "";
        lines.Add(paint.Line(new StyledLine(width).Add(overlay.Title, Title).Add(more, Grey)));
        for (int i = 0; i < room; i++)
            lines.Add(overlay.Top + i < text.Count ? text[overlay.Top + i] : "");
    }

    private string Foot(TopModel model, int width)
    {
        var line = new StyledLine(width);
        if (model.Overlay?.Question is { } question)
            line.Add(question.Text, new Style(Color.Yellow, decoration: Decoration.Bold));
        else if (model.IsTyping)
            line.Add("/").Add(model.Filter, Title).Add(" ", new Style(decoration: Decoration.Invert)).Add("   Enter keeps it, Esc ends it", Grey);
        else if (model.Notice is { } notice)
            line.Add(notice.Text, new Style(notice.Color, decoration: Decoration.Bold));
        else if (model.Overlay is { } overlay)
            line.Add($"Esc back  j/k scroll{(overlay.Port is null ? "" : "  x strike")}", Grey);
        else
            line.Add(width >= Keys.Length ? Keys : FewKeys, Grey);
        return paint.Line(line);
    }

    private static List<string> TooSmall(int width, int height)
    {
        string sentence = $"{width}x{height} is too small; {LeastWidth}x{LeastHeight} is the least. q quits.";
        List<string> lines = [.. sentence.Chunk(Math.Max(1, width)).Select(piece => new string(piece)).Take(Math.Max(1, height))];
        lines.AddRange(Enumerable.Repeat("", Math.Max(0, height - lines.Count)));
        return lines;
    }

    private static string Count(int count, string what) => StatsWords.Count(count, what);
}
