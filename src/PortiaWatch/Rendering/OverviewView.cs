using System.Globalization;
using PortiaWatch.Daemon;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.History;
using Spectre.Console;

namespace PortiaWatch.Rendering;

/// <summary>The bare <c>portia</c>: half a screen that says how things stand and what to type next.</summary>
internal static class OverviewView
{
    private static readonly (string Command, string About)[] Always =
    [
        ("portia list", "every held port, with who holds it"),
        ("portia who 3000", "who holds a port, and what to do about it"),
        ("portia free 3000", "ask, stop it gently, see that the port is free"),
        ("portia demo", "a real collision between two small servers, start to end"),
        ("portia doctor", "what works here, what does not, and what mends it"),
        ("portia --help", "all the rest"),
    ];

    public static void Show(Terminal terminal, Overview overview)
    {
        if (terminal.IsJson)
        {
            Write(terminal, overview);
            return;
        }

        Line(terminal, "watcher", overview.Watcher, overview.IsRunning ? Color.Green : Color.Yellow);
        Line(terminal, "today", Today(overview), Color.Default);
        if (overview.Problem is { } problem)
            Line(terminal, "history", problem, Color.Yellow);
        terminal.Answers.Write(new Text("\n"));
        if (overview.Start is { } start)
            Try(terminal, start, start == "portia install" ? "run the watcher with your session" : "run the watcher in this terminal");
        if (overview.IsRunning)
            Try(terminal, "portia status", "what it reads, how it fares; portia tail shows incidents live");
        if (overview.Today.Count > 0)
            Try(terminal, "portia history", "what happened, and how to start again what was stopped");
        foreach ((string command, string about) in Always)
            Try(terminal, command, about);
    }

    /// <summary><c>3 refused ports: 2 freed, 1 left. The last at 14:02: port 3000, held by node</c></summary>
    internal static string Today(Overview overview)
    {
        if (overview.Today.Count == 0)
            return overview.Problem is null ? "No refused port was seen." : "Not known: the history cannot be read.";
        IEnumerable<string> outcomes = overview.Today.GroupBy(entry => entry.Outcome ?? "under way").OrderByDescending(group => group.Count()).Select(group => $"{group.Count()} {Spell(group.Key)}");
        HistoryEntry last = overview.Today[^1];
        string holder = last.Holders.Count > 0 && last.Holders[0].Name is { } name ? $", held by {Words.Name(name)}" : "";
        string at = last.Last.ToLocalTime().ToString("HH:mm", CultureInfo.InvariantCulture);
        return $"{overview.Today.Count} refused {(overview.Today.Count == 1 ? "port" : "ports")}: {string.Join(", ", outcomes)}. The last at {at}: {PlainText.Clean(last.Endpoint.ToString(), 80)}{holder}";
    }

    // Outcomes stand in JSON as takenAgain; people read words.
    private static string Spell(string outcome) => string.Concat(outcome.Select(c => char.IsUpper(c) ? $" {char.ToLowerInvariant(c)}" : $"{c}"));

    private static void Line(Terminal terminal, string label, string text, Color color)
    {
        HangingText.Write(terminal.Answers, $"  {label,-9}", new Style(Color.Grey), PlainText.Clean(text, 600), new Style(color));
    }

    private static void Try(Terminal terminal, string command, string about)
    {
        HangingText.Write(terminal.Answers, $"  {command,-18}", new Style(decoration: Decoration.Bold), about, new Style(Color.Grey));
    }

    private static void Write(Terminal terminal, Overview overview) => JsonLines.Write(terminal.RawAnswers, json =>
    {
        json.WriteStartObject();
        json.WriteString("schema", "portia.overview/1");
        json.WriteBoolean("running", overview.IsRunning);
        json.WriteBoolean("installed", overview.IsInstalled);
        json.WriteString("watcher", overview.Watcher);
        json.WriteStartObject("today");
        json.WriteNumber("incidents", overview.Today.Count);
        json.WriteStartObject("outcomes");
        foreach (IGrouping<string, HistoryEntry> outcome in overview.Today.GroupBy(entry => entry.Outcome ?? "acting"))
            json.WriteNumber(outcome.Key, outcome.Count());
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteString("problem", overview.Problem);
        json.WriteEndObject();
    });
}
