using System.Globalization;
using System.Text.Json;
using PortiaWatch.Pipeline.Events;
using Spectre.Console;

namespace PortiaWatch.Rendering;

/// <summary>Shows <c>portia.incident/1</c> objects to a person, as <see cref="WatchView"/> shows incidents. All text in them is foreign and is cleaned here.</summary>
internal sealed class IncidentView(Terminal terminal, TimeProvider time)
{
    private const int LabelWidth = 12;
    private const int MostRemembered = 64;

    // Ids whose story stands on the screen already: their outcome is one line more.
    private readonly Queue<string> _told = new();

    public void Show(JsonElement incident)
    {
        string id = Text(incident, "id") ?? "";
        if (!_told.Contains(id))
        {
            if (_told.Count == MostRemembered)
                _told.Dequeue();
            _told.Enqueue(id);
            ShowStory(incident);
        }

        if (Part(incident, "outcome") is not { } outcome)
            return;
        string kind = Text(outcome, "kind") ?? "?";
        Line(Spaced(kind), Text(outcome, "sentence") ?? "", Enum.TryParse(kind, ignoreCase: true, out OutcomeKind known) ? StrikeView.ColorOf(known) : null);
        if (Text(outcome, "nextStep") is { } next)
            Line("next", next);
    }

    private void ShowStory(JsonElement incident)
    {
        JsonElement? collision = Part(incident, "collision");
        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset last = Time(collision, "last") ?? now;
        string story = Text(collision, "kind") switch
        {
            "resolved" => "was taken; the program moved on",
            "soft" => "was taken; the program serves on another port",
            _ => $"is taken{(Text(incident, "inferredFrom") is { } origin ? $" (port inferred from {origin})" : "")}",
        };
        Line(TimeZoneInfo.ConvertTime(last, time.LocalTimeZone).ToString("HH:mm:ss", CultureInfo.InvariantCulture), $"{EndpointOf(Part(incident, "endpoint"))} {story}", Color.Yellow);
        Line("refused", Part(incident, "contender") is { } contender ? Process(contender, now) : "not known (nobody vouches for who wrote this)");
        JsonElement[] holders = incident.TryGetProperty("holders", out JsonElement list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray()] : [];
        foreach (string holder in holders.Select(holder => Process(holder, now)).Distinct())
            Line("held by", holder);
        if (holders.Length == 0)
            Line("held by", Text(incident, "state") == "free" ? "nobody, now" : Text(incident, "limit") ?? "not known");
        Line("evidence", Text(collision, "text") ?? "", Color.Grey);
        JsonElement? verdict = Part(incident, "verdict");
        string reduced = Text(verdict, "asked") == Text(verdict, "action") ? "" : $", but only to {Text(verdict, "action")}: {Text(verdict, "reason")}";
        Line("rule", $"\"{Text(verdict, "rule")}\" says {Text(verdict, "asked")}{reduced}");
    }

    private static string Process(JsonElement process, DateTimeOffset now)
    {
        if (Number(process, "pid") is not { } pid)
            return $"a process{(Text(process, "user") is { } user ? $" of {Words.Name(user)}" : "")} that cannot be named";
        string folder = Words.Folder(Text(process, "cwd"));
        string age = Time(process, "startedAt") is { } start ? $", up {Words.Age(start, now)}" : "";
        return $"{Words.Name(Text(process, "name"))} (pid {pid}{(folder.Length > 0 ? $", {folder}" : "")}{age})";
    }

    private static Endpoint EndpointOf(JsonElement? endpoint) => new()
    {
        Transport = Text(endpoint, "transport") switch { "udp" => Transport.Udp, "unix" => Transport.Unix, _ => Transport.Tcp },
        Address = Text(endpoint, "address"),
        Port = Number(endpoint, "port"),
        Path = Text(endpoint, "path"),
    };

    // stillHeld: still held
    private static string Spaced(string kind) => string.Concat(kind.Select(c => char.IsUpper(c) ? $" {char.ToLowerInvariant(c)}" : $"{c}"));

    private static JsonElement? Part(JsonElement? of, string name) =>
        of is { ValueKind: JsonValueKind.Object } parent && parent.TryGetProperty(name, out JsonElement part) && part.ValueKind == JsonValueKind.Object ? part : null;

    private static string? Text(JsonElement? of, string name) =>
        of is { ValueKind: JsonValueKind.Object } parent && parent.TryGetProperty(name, out JsonElement text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;

    private static int? Number(JsonElement? of, string name) =>
        of is { ValueKind: JsonValueKind.Object } parent && parent.TryGetProperty(name, out JsonElement number) && number.ValueKind == JsonValueKind.Number
            && number.TryGetInt32(out int value) ? value : null;

    private static DateTimeOffset? Time(JsonElement? of, string name) =>
        DateTimeOffset.TryParse(Text(of, name), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out DateTimeOffset moment) ? moment : null;

    private void Line(string label, string text, Color? color = null)
    {
        HangingText.Write(terminal.Answers, PlainText.Clean(label, LabelWidth * 2).PadLeft(LabelWidth) + "  ", new Style(Color.Grey), PlainText.Clean(text, 300), new Style(color ?? Color.Default));
    }
}
