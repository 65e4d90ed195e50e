using System.Text;

namespace PortiaWatch.Pipeline.Detection;

/// <summary>Cuts what is worth reading out of a line that is longer than any sentence: minified code, a dump, a program that never ends its line.</summary>
internal static class Windows
{
    private const int MaxWindows = 16;
    private const int CharsBefore = 1024;
    private const int CharsAfter = 3072;

    /// <summary>The line itself, or stretches of it around each anchor.</summary>
    public static IEnumerable<string> Of(string line)
    {
        if (line.Length <= Line.MaxChars / 2)
            return [line];
        var windows = new List<string>();
        for (var at = 0; at < line.Length && windows.Count < MaxWindows;)
        {
            var bytes = Encoding.UTF8.GetBytes(line, at, line.Length - at);
            var hit = AnchorFilter.IndexOf(bytes);
            if (hit < 0)
                break;
            var start = Math.Max(at, at + Encoding.UTF8.GetCharCount(bytes, 0, hit) - CharsBefore);
            var end = Math.Min(line.Length, start + CharsBefore + CharsAfter);
            windows.Add(line[start..end]);
            at = end;
        }

        return windows;
    }
}
