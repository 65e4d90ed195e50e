using System.Globalization;
using System.Text;
using System.Text.Json;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.History;
using Spectre.Console;

namespace PortiaWatch.Rendering;

/// <summary>How past incidents are spoken of. Foreign text is cleaned here.</summary>
internal static class HistoryWords
{
    /// <summary><c>3000</c>, <c>udp/5353</c>, <c>/run/x.sock</c>, <c>?</c></summary>
    public static string Port(Endpoint endpoint) => endpoint switch
    {
        { Path: { } path } => PlainText.Clean(path, 60),
        { Port: { } port, Transport: Transport.Udp } => $"udp/{port}",
        { Port: { } port } => $"{port}",
        _ => "?",
    };

    /// <summary>freed, 2.0 s blocked, still held, unfinished, …</summary>
    public static string Outcome(HistoryEntry entry) => entry switch
    {
        { Outcome: null } => "acting now",
        { Outcome: "freed", FreedAt: { } freed } => $"freed, {Span(freed - entry.First)} blocked",
        { IsBlocking: false } => "moved on",
        { Outcome: { } outcome } => Spaced(outcome),
    };

    public static Color Color(HistoryEntry entry) =>
        entry.Outcome is { } name && Enum.TryParse(name, ignoreCase: true, out OutcomeKind kind) ? StrikeView.ColorOf(kind) : Spectre.Console.Color.Yellow;

    /// <summary>0 s, 3.1 s, 4 min, 2 h 5 min, 3 days 4 h</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { Ticks: <= 0 } => "0 s",
        { TotalMinutes: < 1 } => Words.Duration(span),
        { TotalHours: < 1 } => $"{(int)span.TotalMinutes} min",
        { TotalDays: < 2 } => $"{(int)span.TotalHours} h {span.Minutes} min",
        _ => $"{(int)span.TotalDays} days {span.Hours} h",
    };

    /// <summary>The user's own time of day: <c>12:00:05</c> today, else <c>Nov 22 12:00</c>, with the year when it is not this one.</summary>
    public static string When(DateTimeOffset at, TimeProvider time)
    {
        DateTimeOffset local = TimeZoneInfo.ConvertTime(at, time.LocalTimeZone);
        DateTimeOffset now = time.GetLocalNow();
        string form = local.Date == now.Date ? "HH:mm:ss" : local.Year == now.Year ? "MMM dd HH:mm" : "yyyy-MM-dd";
        return local.ToString(form, CultureInfo.InvariantCulture);
    }

    /// <summary>takenAgain: taken again</summary>
    public static string Spaced(string camel)
    {
        var text = new StringBuilder();
        foreach (char c in PlainText.Clean(camel, 40))
            _ = char.IsAsciiLetterUpper(c) ? text.Append(' ').Append(char.ToLowerInvariant(c)) : text.Append(c);
        return text.ToString();
    }

    /// <summary>Text of a JSON member, cleaned; null when it is none.</summary>
    public static string? Text(JsonElement element, string name, int longest) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? PlainText.Clean(value.GetString() ?? "", longest)
            : null;
}
