using Spectre.Console;

namespace PortiaWatch.Top;

/// <summary>The headings of a list; those of the list that has the keys stand out.</summary>
internal static class PaneHeading
{
    public static StyledLine Draw(int width, bool isActive, string title, int titleWidth, params (string Name, int Width, bool IsRight)[] columns)
    {
        var style = new Style(Color.Grey, decoration: Decoration.Underline);
        var line = new StyledLine(width);
        line.Add(title, isActive ? new Style(decoration: Decoration.Bold | Decoration.Underline) : style, titleWidth);
        foreach ((string name, int cell, bool isRight) in columns)
            line.Add(name, style, cell == 0 ? null : cell, isRight);
        return line.Fill(style);
    }
}
