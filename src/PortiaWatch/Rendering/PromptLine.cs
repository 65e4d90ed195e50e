using Spectre.Console;
using Spectre.Console.Rendering;

namespace PortiaWatch.Rendering;

/// <summary>
/// The last lines of a terminal on which a question may be open. What else is said goes above it: the question is taken away, and put there again afterwards. Thread-safe; all that
/// writes to the terminal goes through <see cref="Above"/>.
/// </summary>
internal sealed class PromptLine(Terminal terminal)
{
    // Room for what is being typed: where it goes on in a further row, the rows cannot be counted.
    private const int RoomForAnswer = 20;

    private readonly Lock _lock = new();
    private string? _question;
    private string _how = "";
    private int _widthOfDrawing;
    private int _rowsAbove;

    /// <summary>Shows a question, which stays until <see cref="Close"/>.</summary>
    /// <param name="question">Clean, without a line end.</param>
    /// <param name="how">What to type; the cursor stays behind it.</param>
    public void Open(string question, string how)
    {
        lock (_lock)
        {
            (_question, _how) = (question, how);
            Draw();
        }
    }

    /// <param name="remark">Ends the line; null where the user has done that with Enter.</param>
    public void Close(string? remark)
    {
        lock (_lock)
        {
            _question = null;
            if (remark is not null)
                terminal.Messages.Write(new Text($"\n{remark}\n"));
        }
    }

    /// <summary>Says something beside the question. What was typed so far is not shown again, but it is not lost.</summary>
    public void Above(Action write)
    {
        lock (_lock)
        {
            if (_question is null)
            {
                write();
                return;
            }

            Erase();
            write();
            Draw();
        }
    }

    private void Draw()
    {
        var text = new Text($"{_question}\n{_how}", new Style(Color.Yellow, decoration: Decoration.Bold));
        _widthOfDrawing = terminal.Messages.Profile.Width;
        _rowsAbove = Segment.SplitLines(text.GetSegments(terminal.Messages), _widthOfDrawing).Count - 1;
        terminal.Messages.Write(text);
    }

    // A window of another size has moved the rows: then the question just stays where it is.
    private void Erase()
    {
        Profile profile = terminal.Messages.Profile;
        bool isCertain = profile.Capabilities.Ansi && profile.Width == _widthOfDrawing && _how.Length + RoomForAnswer < profile.Width;
        profile.Out.Writer.Write(isCertain ? $"\r\e[{_rowsAbove}A\e[J" : "\n");
        profile.Out.Writer.Flush();
    }
}
