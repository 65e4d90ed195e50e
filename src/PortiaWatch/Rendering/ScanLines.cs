using PortiaWatch.Pipeline.Events;
using PortiaWatch.Verbs;

namespace PortiaWatch.Rendering;

/// <summary>One sighting for a person: where, what, and the evidence.</summary>
internal static class ScanLines
{
    private const int MaxTextChars = 160;

    public static void Write(TextWriter stdout, Sighting sighting, string? file, ScanContext? context, bool isColored)
    {
        var place = file is null ? $"{sighting.Number}" : $"{PlainText.Clean(file, MaxTextChars)}:{sighting.Number}";
        var what = sighting.Kind == SightingKind.Resolved ? "moved on" : sighting.CauseStated ? "collision" : "perhaps";
        var (start, end) = isColored ? (sighting.Kind == SightingKind.Resolved ? "\x1b[32m" : "\x1b[33m", "\x1b[0m") : ("", "");
        stdout.Write($"{place,8}  {start}{what,-9}{end}  {sighting.Endpoint,-24}  {PlainText.Clean(sighting.Text, MaxTextChars)}\n");
        if (context is null)
            return;
        foreach (var (number, text) in context.Around(sighting.Number))
            stdout.Write($"{number,8}{(number == sighting.Number ? " >" : "  ")}{text}\n");
        stdout.Write('\n');
    }
}
