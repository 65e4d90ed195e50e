using System.Globalization;
using System.Text.Json;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.History;
using PortiaWatch.Rendering;
using Spectre.Console;

namespace PortiaWatch.Top;

/// <summary>One incident, remembered or as it comes. Texts are fit for the screen.</summary>
internal sealed record IncidentRow
{
    public required string Id { get; init; }

    public required DateTimeOffset At { get; init; }

    public required Endpoint Endpoint { get; init; }

    public required string Port { get; init; }

    public required string Refused { get; init; }

    public required string HeldBy { get; init; }

    /// <summary>What was done.</summary>
    public required string Outcome { get; init; }

    public required Color Color { get; init; }

    /// <summary>As the watcher told it; null for one that only the history has.</summary>
    public string? Json { get; init; }

    public string MuteKey => PortRow.MuteKeyOf(Endpoint);

    public static IncidentRow From(HistoryEntry entry) => new()
    {
        Id = entry.Id,
        At = entry.First,
        Endpoint = entry.Endpoint,
        Port = HistoryWords.Port(entry.Endpoint),
        Refused = Words.Name(entry.Contender) + (entry.Count > 1 ? $" ×{entry.Count}" : ""),
        HeldBy = entry.Holders.Count == 0
            ? "nobody seen"
            : (entry.Holders[0].Name is { } name ? Words.Name(name) : $"user {Words.Name(entry.Holders[0].User)}") + (entry.Holders.Count > 1 ? $" +{entry.Holders.Count - 1}" : ""),
        Outcome = HistoryWords.Outcome(entry),
        Color = HistoryWords.Color(entry),
    };

    /// <summary>Null when it is no incident.</summary>
    public static IncidentRow? TryRead(JsonElement incident, string json)
    {
        if (HistoryWords.Text(incident, "schema", 40) != IncidentJson.Schema || HistoryWords.Text(incident, "id", 64) is not { } id
            || !incident.TryGetProperty("endpoint", out JsonElement where) || where.ValueKind != JsonValueKind.Object)
            return null;
        JsonElement collision = Part(incident, "collision");
        Endpoint endpoint = EndpointOf(where);
        JsonElement[] holders = incident.TryGetProperty("holders", out JsonElement list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray()] : [];
        string[] names = [.. holders.Select(holder => HistoryWords.Text(holder, "name", 64) ?? $"user {HistoryWords.Text(holder, "user", 64) ?? "?"}").Distinct()];
        (string outcome, Color color) = OutcomeOf(incident);
        return new IncidentRow
        {
            Id = id,
            At = DateTimeOffset.TryParse(HistoryWords.Text(collision, "first", 60), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out DateTimeOffset at) ? at : DateTimeOffset.UnixEpoch,
            Endpoint = endpoint,
            Port = HistoryWords.Port(endpoint),
            Refused = HistoryWords.Text(Part(incident, "contender"), "name", 64) ?? "?",
            HeldBy = names.Length == 0 ? "nobody seen" : names[0] + (names.Length > 1 ? $" +{names.Length - 1}" : ""),
            Outcome = outcome,
            Color = color,
            Json = json,
        };
    }

    /// <summary>Every word of the filter is somewhere in the row.</summary>
    public bool Matches(IEnumerable<string> words) =>
        words.All(word => ((string[])[Port, Refused, HeldBy, Outcome]).Any(text => text.Contains(word, StringComparison.OrdinalIgnoreCase)));

    private static (string Words, Color Color) OutcomeOf(JsonElement incident)
    {
        JsonElement outcome = Part(incident, "outcome");
        if (HistoryWords.Text(outcome, "kind", 40) is not { } kind)
            return (HistoryWords.Text(Part(incident, "verdict"), "action", 20) is "ask" ? "asking" : "acting now", Color.Yellow);
        Color color = Enum.TryParse(kind, ignoreCase: true, out OutcomeKind known) ? StrikeView.ColorOf(known) : Color.Yellow;
        string took = outcome.TryGetProperty("tookMilliseconds", out JsonElement time) && time.ValueKind == JsonValueKind.Number && time.TryGetDouble(out double milliseconds)
            ? $" in {Words.Duration(TimeSpan.FromMilliseconds(Math.Clamp(milliseconds, 0, 1e9)))}"
            : "";
        return (HistoryWords.Spaced(kind) + took, color);
    }

    private static Endpoint EndpointOf(JsonElement where) => new()
    {
        Transport = HistoryWords.Text(where, "transport", 8) switch { "udp" => Transport.Udp, "unix" => Transport.Unix, _ => Transport.Tcp },
        Address = HistoryWords.Text(where, "address", 80),
        Port = where.TryGetProperty("port", out JsonElement port) && port.ValueKind == JsonValueKind.Number && port.TryGetInt32(out int number) ? number : null,
        Path = HistoryWords.Text(where, "path", 200),
    };

    private static JsonElement Part(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out JsonElement part) && part.ValueKind == JsonValueKind.Object ? part : default;
}
