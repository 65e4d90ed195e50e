using System.Globalization;
using PortiaWatch.Control;
using PortiaWatch.Pipeline.Events;
using Spectre.Console;

namespace PortiaWatch.Rendering;

/// <summary>How the running watcher is, for a person. What is fine is short; what is not stands out.</summary>
internal static class StatusView
{
    private const int LabelWidth = 12;

    public static void Show(Terminal terminal, WatchStatus status)
    {
        string since = TimeZoneInfo.ConvertTime(status.StartedAt, TimeZoneInfo.Local).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        string ways = (status.DryRun ? ", dry run" : "") + (status.Lite ? ", Lite" : "");
        Line("watching", $"pid {status.Pid}, since {since} ({Age(status.UptimeSeconds)}), version {Build.ShortVersion(status.Version)}, {status.MemoryBytes / 1_000_000} MB{ways}", Color.Green);
        foreach ((string label, SourceStatus source) in Labelled("sources", status.Sources))
            Line(label, Describe(source), ColorOf(source.State));
        foreach ((string label, RuleStatus rule) in Labelled("rules", status.Rules))
            Line(label, $"{rule.Action,-7} {rule.Name}{(rule.Ports.Count > 0 ? $" ({string.Join(", ", rule.Ports)})" : "")}");
        Line("from", status.Configuration);
        if (status.ConfigurationError is { } error)
            Line("not reloaded", $"{error} (the rules above stay in force)", Color.Yellow);
        CounterStatus seen = status.Counters;
        Line("seen", $"{Count(seen.Records, "record")}, {Count(seen.Sightings, "sighting")}, {Count(seen.Collisions, "collision")}, {Count(seen.Incidents, "incident")}");
        Counts("outcomes", seen.Outcomes);
        Counts("strikes", seen.Strikes);
        Counts("lost", status.Drops, Color.Yellow);
        Counts("refused", status.Refused, Color.Yellow);
        if (status.Viewers > 0)
            Line("followed by", Count(status.Viewers, "client"));

        void Counts(string label, IReadOnlyDictionary<string, long> counts, Color? color = null)
        {
            if (counts.Count > 0)
                Line(label, string.Join(", ", counts.Select(pair => $"{pair.Value} {pair.Key}")), color);
        }

        void Line(string label, string text, Color? color = null)
        {
            HangingText.Write(terminal.Answers, label.PadLeft(LabelWidth) + "  ", new Style(Color.Grey), PlainText.Clean(text, 500), new Style(color ?? Color.Default));
        }
    }

    private static IEnumerable<(string Label, T Item)> Labelled<T>(string label, IReadOnlyList<T> items) => items.Select((item, index) => (index == 0 ? label : "", item));

    private static string Describe(SourceStatus source)
    {
        string more = string.Join(", ", Parts().Where(part => part.Length > 0));
        return $"{source.Name}: {source.State}{(more.Length > 0 ? $", {more}" : "")}{(source.Note is { } note ? $" ({note})" : "")}";

        IEnumerable<string> Parts()
        {
            yield return Count(source.Records, "record");
            yield return source.Dropped > 0 ? $"{source.Dropped} lost" : "";
            yield return source.Restarts > 0 ? Count(source.Restarts, "restart") : "";
        }
    }

    private static Color ColorOf(string state) => state switch
    {
        "running" or "waiting" or "starting" => Color.Default,
        _ => Color.Yellow,
    };

    private static string Age(double seconds) => Words.Age(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddSeconds(seconds));

    private static string Count(long count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count:#,0} {what}{(count == 1 ? "" : "s")}");
}
