using PortiaWatch.Control;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Rendering;
using Spectre.Console;

namespace PortiaWatch.Top;

/// <summary>How the watcher and its sources are: one line, and one for each source where there is room.</summary>
internal static class WatcherPane
{
    private static readonly Style Grey = new(Color.Grey);
    private static readonly Style Bad = new(Color.Yellow);

    public static IEnumerable<StyledLine> Draw(WatcherHealth watcher, int width, int rows)
    {
        var line = new StyledLine(width).Add("WATCHER  ", Grey);
        if (watcher.Pid is not { } pid)
        {
            yield return line.Add("none runs. ", Bad).Add("w", new Style(decoration: Decoration.Bold)).Add(" starts one", Bad).Add(width < 70 ? "" : "  (with every session: portia install)", Grey);
            yield break;
        }

        line.Add($"pid {pid}", new Style(Color.Green));
        if (watcher.Status is not { } status)
        {
            yield return line.Add(", its sources are not known yet", Grey);
            yield break;
        }

        string since = Words.Age(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddSeconds(status.UptimeSeconds));
        line.Add($", up {since}, {status.MemoryBytes / 1_000_000} MB{(status.DryRun ? ", dry run" : "")}{(status.Lite ? ", Lite" : "")}");
        SourceStatus[] bad = [.. status.Sources.Where(source => !IsWell(source))];
        if (rows == 0 && status.Sources.Count > 0)
            line.Add(bad.Length == 0 ? "; all sources are well" : $"; not well: {string.Join(", ", bad.Select(source => $"{Clean(source.Name)} {Clean(source.State)}"))}", bad.Length == 0 ? Grey : Bad);
        yield return line;
        foreach (SourceStatus source in bad.Concat(status.Sources.Where(IsWell)).Take(rows))
            yield return Source(source, width);
    }

    private static StyledLine Source(SourceStatus source, int width)
    {
        Style? look = IsWell(source) ? null : Bad;
        string lost = source.Dropped > 0 ? $", {source.Dropped} lost" : "";
        string restarts = source.Restarts > 0 ? $", {StatsWords.Count(source.Restarts, "restart")}" : "";
        return new StyledLine(width)
            .Add("  " + Clean(source.Name), look, 18)
            .Add($"{Clean(source.State)}, {StatsWords.Count(source.Records, "record")}{lost}{restarts}", look)
            .Add(source.Note is { } note ? $"  ({Clean(note)})" : "", Grey);
    }

    private static bool IsWell(SourceStatus source) => source.State is "running" or "waiting" or "starting" && source.Dropped == 0;

    private static string Clean(string text) => PlainText.Clean(text, 200);
}
