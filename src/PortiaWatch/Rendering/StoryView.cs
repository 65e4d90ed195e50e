using System.Globalization;
using System.Text.Json;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.History;
using Spectre.Console;

namespace PortiaWatch.Rendering;

/// <summary>One past incident in full: evidence, both sides, what was weighed and decided, and what came of it.</summary>
internal static class StoryView
{
    private const int Longest = 2000;

    public static void Show(Terminal terminal, HistoryEntry entry, TimeProvider time)
    {
        using JsonDocument document = JsonDocument.Parse(entry.Json);
        JsonElement story = document.RootElement;
        JsonElement collision = story.GetProperty("collision");
        JsonElement verdict = story.GetProperty("verdict");
        JsonElement outcome = story.TryGetProperty("outcome", out JsonElement end) ? end : default;

        var grid = new Grid().AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(0, 0, 2, 0) }).AddColumn(new GridColumn { Padding = new Padding(0, 0, 0, 0) });
        Row("incident", $"{entry.Number} ({PlainText.Clean(entry.Id, 64)})");
        Row("endpoint", PlainText.Clean(entry.Endpoint.ToString(), 200) + (HistoryWords.Text(story, "inferredFrom", 80) is { } origin ? $", inferred from {origin}" : ""), new Style(Color.Yellow, decoration: Decoration.Bold));
        Row("seen", Times(entry, collision, time));
        Row("evidence", HistoryWords.Text(collision, "text", Longest) ?? "", new Style(Color.Grey));
        Row("refused", story.TryGetProperty("contender", out JsonElement contender) && contender.ValueKind == JsonValueKind.Object ? Process(contender) : "not known: nobody vouches for who wrote this");
        foreach (JsonElement holder in story.GetProperty("holders").EnumerateArray())
        {
            Row("held by", Process(holder), new Style(decoration: Decoration.Bold));
            if (holder.TryGetProperty("command", out JsonElement command) && command.ValueKind == JsonValueKind.Array)
                Row("", PlainText.Clean(string.Join(' ', command.EnumerateArray().Select(word => word.ToString())), Longest), new Style(Color.Grey));
        }

        if (entry.Holders.Count == 0)
            Row("held by", HistoryWords.Text(story, "limit", 300) ?? "nobody that could be seen");
        foreach (JsonElement doubt in story.GetProperty("doubts").EnumerateArray())
            Row("doubt", PlainText.Clean(doubt.ToString(), 300));
        if (verdict.TryGetProperty("weighed", out JsonElement weighed) && weighed.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement rule in weighed.EnumerateArray())
                Row("not by", PlainText.Clean(rule.ToString(), 300), new Style(Color.Grey));
        }

        Row("decided", $"{HistoryWords.Spaced(entry.Action)} by \"{PlainText.Clean(entry.Rule, 120)}\". {PlainText.Clean(entry.Reason, 400)}");
        Row("outcome", HistoryWords.Outcome(entry) + (HistoryWords.Text(outcome, "sentence", 600) is { Length: > 0 } sentence ? $". {sentence}" : ""), new Style(HistoryWords.Color(entry)));
        if (HistoryWords.Text(outcome, "nextStep", 400) is { } next)
            Row("next", next);
        terminal.Answers.Write(grid);
        foreach (string command in entry.Outcome == "freed" ? entry.Holders.Select(RestartCommand.Of).OfType<string>() : [])
        {
            terminal.Answers.Write(new Text("\nTo start it again:\n  ", new Style(Color.Grey)));
            terminal.Answers.Profile.Out.Writer.Write(command + "\n");
        }

        void Row(string label, string text, Style? style = null) => grid.AddRow(new Text(label.PadLeft(10), new Style(Color.Grey)), new Text(text, style));
    }

    private static string Times(HistoryEntry entry, JsonElement collision, TimeProvider time)
    {
        string at = TimeZoneInfo.ConvertTime(entry.First, time.LocalTimeZone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        string often = entry.Count > 1 ? $", {entry.Count} times in {HistoryWords.Span(entry.Last - entry.First)}" : "";
        string sources = collision.TryGetProperty("sources", out JsonElement names) && names.ValueKind == JsonValueKind.Array
            ? $" by {PlainText.Clean(string.Join(", ", names.EnumerateArray().Select(name => name.ToString())), 100)}"
            : "";
        return $"{at}{often}{sources}, trust {HistoryWords.Text(collision, "trust", 20)}";
    }

    private static string Process(JsonElement process)
    {
        string name = HistoryWords.Text(process, "name", 64) ?? "a process that could not be named";
        string pid = process.TryGetProperty("pid", out JsonElement number) && number.ValueKind == JsonValueKind.Number ? $"pid {number.GetRawText()}" : "";
        string?[] parts = [pid, Words.Folder(HistoryWords.Text(process, "cwd", 300)), HistoryWords.Text(process, "user", 64) is { } user ? $"user {user}" : null, Since(process)];
        string facts = string.Join(", ", parts.Where(part => !string.IsNullOrEmpty(part)));
        return facts.Length > 0 ? $"{name} ({facts})" : name;
    }

    private static string? Since(JsonElement process) => process.TryGetProperty("startedAt", out JsonElement started) && started.ValueKind == JsonValueKind.String
        && started.TryGetDateTimeOffset(out DateTimeOffset at) ? $"started {at.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}" : null;
}
