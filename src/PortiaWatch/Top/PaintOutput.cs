using System.Text;
using Spectre.Console;

namespace PortiaWatch.Top;

/// <summary>Lets Spectre.Console draw into text, without asking the real console for anything.</summary>
internal sealed class PaintOutput(TextWriter writer) : IAnsiConsoleOutput
{
    private const int Unbounded = 500;

    public TextWriter Writer => writer;

    public bool IsTerminal => true;

    public int Width => Unbounded;

    public int Height => Unbounded;

    public void SetEncoding(Encoding encoding)
    {
        // It is text.
    }
}
