using PortiaWatch.Pipeline.Events;
using PortiaWatch.Verbs;

namespace PortiaWatch.Rendering;

/// <summary>A bar on a terminal for a scan that takes longer than a second; redrawn ten times a second at most.</summary>
internal sealed class ScanProgress(TextWriter terminal, TimeProvider time)
{
    private const int BarColumns = 24;
    private const int MaxNameChars = 40;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly long _started = time.GetTimestamp();
    private TimeSpan _shown;

    public void Show(ScanInput input)
    {
        var elapsed = time.GetElapsedTime(_started);
        if (input.Length == 0 || elapsed < Patience || elapsed - _shown < Interval)
            return;
        _shown = elapsed;
        var done = Math.Clamp((double)input.Position / input.Length, 0, 1);
        var filled = (int)(done * BarColumns);
        terminal.Write($"\r\x1b[2K{new string('━', filled)}{new string('╌', BarColumns - filled)} {done,4:P0}  {PlainText.Clean(Path.GetFileName(input.Name), MaxNameChars)}");
        terminal.Flush();
    }

    public void Clear()
    {
        if (_shown == default)
            return;
        terminal.Write("\r\x1b[2K");
        terminal.Flush();
    }
}
