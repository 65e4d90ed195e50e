using Spectre.Console;

namespace PortiaWatch.Top;

/// <summary>One sentence for the user.</summary>
internal sealed record Notice(string Text, Color Color)
{
    public static Notice Plain(string text) => new(text, Color.Default);

    public static Notice Warning(string text) => new(text, Color.Yellow);
}
