using System.Text;
using PortiaWatch.Running;

namespace PortiaWatch.Top;

/// <summary>
/// The terminal while the view is open: the alternate screen, without a cursor. Draws only the lines that have changed, in one write. Given back once, however often it is asked;
/// that may happen on any thread.
/// </summary>
internal sealed class TopScreen : IDisposable
{
    private const int Standard = 1;

    // Alternate screen, no cursor, no automatic wrapping (what is too long must not break the picture), empty.
    private const string Enter = "\e[?1049h\e[?25l\e[?7l\e[0m\e[2J";

    // The same backwards; and the keypad as shells want it, which .NET's console has switched.
    private const string Leave = "\e[0m\e[?7h\e[?25h\e[?1049l\e[?1l\e>";

    // Terminals that know it (DEC mode 2026) show the whole change at once; others ignore it.
    private const string BeginChange = "\e[?2026h";
    private const string EndChange = "\e[?2026l";

    private readonly Lock _lock = new();
    private readonly RealTerminal _terminal;
    private readonly StringBuilder _change = new();
    private IReadOnlyList<string> _drawn = [];
    private bool _isOpen;

    public TopScreen(RealTerminal terminal)
    {
        _terminal = terminal;

        // It reads the terminal's settings when it is used first, and puts those back at the end: they must not be ours.
        _ = Console.Out;
    }

    /// <summary>Columns and rows; 80x24 where the terminal does not say.</summary>
    public static (int Width, int Height) Size => RealTerminal.Size is { Rows: > 0, Columns: > 0 } size ? (size.Columns, size.Rows) : (80, 24);

    /// <summary>False in the background, where nothing is changed.</summary>
    public bool Open()
    {
        lock (_lock)
        {
            if (!_terminal.Take())
                return false;
            _drawn = [];
            return _isOpen = Send(Enter);
        }
    }

    public void Close()
    {
        lock (_lock)
        {
            if (!_isOpen)
                return;
            _isOpen = false;
            Send(Leave);
            _terminal.GiveBack();
        }
    }

    /// <summary>The next drawing draws everything: another size, or somebody else has written here.</summary>
    public void Forget()
    {
        lock (_lock)
            _drawn = [];
    }

    /// <summary>False when the terminal has gone.</summary>
    public bool Draw(IReadOnlyList<string> lines)
    {
        lock (_lock)
        {
            if (!_isOpen)
                return true;
            _change.Clear().Append(BeginChange);
            bool isWhole = _drawn.Count != lines.Count;
            if (isWhole)
                _change.Append("\e[0m\e[2J");
            int unchanged = _change.Length;
            for (int i = 0; i < lines.Count; i++)
            {
                if (isWhole || lines[i] != _drawn[i])
                    _change.Append("\e[").Append(i + 1).Append(";1H\e[0m\e[K").Append(lines[i]);
            }

            _drawn = lines;
            return _change.Length == unchanged || Send(_change.Append("\e[0m").Append(EndChange).ToString());
        }
    }

    public void Dispose()
    {
        Close();
        _terminal.Dispose();
    }

    private static unsafe bool Send(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        fixed (byte* at = bytes)
            return Output.TryWrite(Standard, at, bytes.Length);
    }
}
