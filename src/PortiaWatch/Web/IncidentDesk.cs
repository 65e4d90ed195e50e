using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using PortiaWatch.Pipeline.History;
using PortiaWatch.Rendering;

namespace PortiaWatch.Web;

/// <summary>Past incidents: a page of them, newest first, and the whole story of one.</summary>
internal sealed class IncidentDesk(Composition composition, RuleDesk rules)
{
    private const int UsualPage = 50;
    private const int LongestPage = 200;

    /// <summary><c>portia.ui.incidents/1</c></summary>
    public Task ListAsync(HttpContext context)
    {
        IQueryCollection asked = context.Request.Query;
        int limit = Math.Clamp(Number(asked["limit"]) ?? UsualPage, 1, LongestPage);
        var query = new HistoryQuery
        {
            Before = Number(asked["before"]),
            Port = Number(asked["port"]),
            Program = asked["program"] is [{ Length: > 0 } program] ? program : null,
            Outcomes = asked["outcome"] is [{ Length: > 0 } outcome] ? [outcome] : null,
            Limit = limit + 1,
            WithStories = false,
        };
        using HistoryReader? history = composition.OpenHistory();
        HistoryEntry[] newestFirst = [.. (history?.Find(query) ?? []).Reverse()];
        return Reply.JsonAsync(context.Response, json =>
        {
            json.WriteStartObject();
            json.WriteString("schema", "portia.ui.incidents/1");
            json.WriteStartArray("incidents");
            foreach (HistoryEntry entry in newestFirst.Take(limit))
                WriteRow(json, entry);
            json.WriteEndArray();
            json.WriteBoolean("more", newestFirst.Length > limit);
            json.WriteEndObject();
        });
    }

    /// <summary><c>portia.ui.incident/1</c>: the story, and what the rules in force would decide about it.</summary>
    public Task ShowAsync(HttpContext context)
    {
        using HistoryReader? history = composition.OpenHistory();
        if (context.Request.Query["id"] is not [{ Length: > 0 and <= 64 } id] || history?.Find(id) is not { } entry)
            return Reply.ErrorAsync(context.Response, StatusCodes.Status404NotFound, "unknown", "There is no such incident in the history.");
        using JsonDocument story = JsonDocument.Parse(entry.Json);
        return Reply.JsonAsync(context.Response, json =>
        {
            json.WriteStartObject();
            json.WriteString("schema", "portia.ui.incident/1");
            json.WriteNumber("number", entry.Number);
            json.WriteString("ending", HistoryWords.Outcome(entry));
            json.WriteString("target", entry.Endpoint.ToTarget());
            json.WritePropertyName("story");
            CleanJson.Copy(json, story.RootElement);
            json.WritePropertyName("explanation");
            rules.WriteExplanation(json, entry.Json);
            json.WriteEndObject();
        });
    }

    private static void WriteRow(Utf8JsonWriter json, HistoryEntry entry)
    {
        json.WriteStartObject();
        json.WriteNumber("number", entry.Number);
        CleanJson.Write(json, "id", entry.Id);
        json.WriteString("first", entry.First);
        json.WriteNumber("count", entry.Count);
        json.WriteString("port", HistoryWords.Port(entry.Endpoint));
        CleanJson.Write(json, "endpoint", entry.Endpoint.ToString());
        CleanJson.Write(json, "target", entry.Endpoint.ToTarget());
        CleanJson.Write(json, "contender", entry.Contender);
        CleanJson.Write(json, "holder", entry.Holders is [var holder, ..] ? Words.Name(holder.Name) : null);
        if (entry.Holders is [{ Pid: { } pid }, ..])
            json.WriteNumber("holderPid", pid);
        json.WriteNumber("holders", entry.Holders.Count);
        CleanJson.Write(json, "action", entry.Action);
        CleanJson.Write(json, "outcome", entry.Outcome);
        json.WriteString("ending", HistoryWords.Outcome(entry));
        json.WriteBoolean("confirmed", entry.IsConfirmed);
        json.WriteEndObject();
    }

    private static int? Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
