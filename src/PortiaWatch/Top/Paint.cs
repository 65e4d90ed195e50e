using System.Globalization;
using PortiaWatch.Rendering;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace PortiaWatch.Top;

/// <summary>Turns what Spectre.Console draws into lines for a terminal. Not thread-safe.</summary>
internal sealed class Paint : IDisposable
{
    private readonly StringWriter _text = new(CultureInfo.InvariantCulture) { NewLine = "\n" };
    private readonly IAnsiConsole _console;
    private readonly Terminal _terminal;

    public Paint(bool isPlain)
    {
        _console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new PaintOutput(_text),
            Ansi = AnsiSupport.Yes,
            ColorSystem = isPlain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = InteractionSupport.No,
        });
        _terminal = new Terminal(_console, isPlain);
    }

    public string Line(IRenderable line)
    {
        _text.GetStringBuilder().Clear();
        _console.Write(line);
        return _text.ToString();
    }

    /// <summary>What one of the other verbs' views says.</summary>
    public IReadOnlyList<string> Lines(int width, Action<Terminal> show)
    {
        _text.GetStringBuilder().Clear();
        _console.Profile.Width = width;
        show(_terminal);
        return _text.ToString().TrimEnd('\n').Split('\n');
    }

    public void Dispose() => _text.Dispose();
}
