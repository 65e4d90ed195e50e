using System.Text.Json;

namespace PortiaWatch.Pipeline.Events;

/// <summary>Writes <c>portia.incident/1</c>: collision, contender, holders, confirmed, verdict, outcome. Names are camelCase and stable.</summary>
public static class IncidentJson
{
    public const string Schema = "portia.incident/1";

    /// <summary>One object; <paramref name="outcome"/> is null while nothing has been done yet.</summary>
    public static void Write(Utf8JsonWriter json, Verdict verdict, Outcome? outcome)
    {
        Incident incident = verdict.Incident;
        json.WriteStartObject();
        json.WriteString("schema", Schema);
        json.WriteString("id", incident.Id);
        json.WritePropertyName("collision");
        Write(json, incident.Collision);
        json.WritePropertyName("endpoint");
        HolderJson.Write(json, incident.Endpoint);
        json.WriteString("inferredFrom", incident.InferredFrom);
        json.WritePropertyName("contender");
        HolderJson.Write(json, incident.Contender);
        json.WriteString("state", Camel(incident.State));
        json.WriteStartArray("holders");
        foreach (Holder holder in incident.Holders)
            HolderJson.Write(json, holder);
        json.WriteEndArray();
        json.WriteBoolean("confirmed", incident.IsConfirmed);
        json.WriteBoolean("holderConfirmed", incident.IsHolderConfirmed);
        WriteStrings(json, "doubts", incident.Doubts);
        json.WriteString("limit", incident.Limit);
        json.WriteBoolean("sameProject", incident.IsSameProject);
        Write(json, verdict);
        Write(json, outcome);
        json.WriteEndObject();
    }

    /// <summary>The same as UTF-8, without a line end.</summary>
    public static byte[] ToUtf8(Verdict verdict, Outcome? outcome) => ToUtf8(json => Write(json, verdict, outcome));

    /// <summary>The value of <c>outcome</c> alone.</summary>
    internal static byte[] ToUtf8(Outcome outcome) => ToUtf8(json => WriteValue(json, outcome));

    /// <summary>The value of <c>sources</c> alone.</summary>
    internal static byte[] SourcesToUtf8(Collision collision) => ToUtf8(json => WriteValues(json, collision.Sources));

    /// <summary>A name of an enumeration as it stands in JSON.</summary>
    internal static string Camel<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private static byte[] ToUtf8(Action<Utf8JsonWriter> fill)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(2048);
        using (var json = new Utf8JsonWriter(buffer))
            fill(json);
        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, Collision collision)
    {
        Sighting evidence = collision.Evidence;
        json.WriteStartObject();
        json.WritePropertyName("endpoint");
        HolderJson.Write(json, evidence.Endpoint);
        json.WriteString("kind", Camel(evidence.Kind));
        json.WriteString("first", collision.First);
        json.WriteString("last", collision.Last);
        json.WriteNumber("count", collision.Count);
        WriteStrings(json, "sources", collision.Sources);
        json.WriteString("source", evidence.Record.Source);
        json.WriteString("trust", Camel(evidence.Record.Trust));
        json.WriteString("written", evidence.Record.Time);
        json.WriteString("read", evidence.Record.ReadAt);
        json.WriteString("pattern", evidence.Pattern);
        json.WriteBoolean("causeStated", evidence.CauseStated);
        json.WriteString("text", evidence.Text);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Verdict verdict)
    {
        json.WriteStartObject("verdict");
        json.WriteString("action", Camel(verdict.Action));
        json.WriteString("rule", verdict.Rule.Title);
        json.WriteString("asked", Camel(verdict.Rule.Action));
        json.WriteString("reason", verdict.Reason);
        WriteStrings(json, "weighed", verdict.Weighed);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Outcome? outcome)
    {
        if (outcome is null)
        {
            json.WriteNull("outcome");
            return;
        }

        json.WritePropertyName("outcome");
        WriteValue(json, outcome);
    }

    private static void WriteValue(Utf8JsonWriter json, Outcome outcome)
    {
        json.WriteStartObject();
        json.WriteString("kind", Camel(outcome.Kind));
        json.WriteString("sentence", outcome.Sentence);
        json.WriteString("nextStep", outcome.NextStep);
        json.WriteString("at", outcome.At);
        if (outcome.Took is { } took)
            json.WriteNumber("tookMilliseconds", Math.Round(took.TotalMilliseconds, 1));
        else
            json.WriteNull("tookMilliseconds");
        json.WriteEndObject();
    }

    private static void WriteStrings(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WritePropertyName(name);
        WriteValues(json, values);
    }

    private static void WriteValues(Utf8JsonWriter json, IReadOnlyList<string> values)
    {
        json.WriteStartArray();
        foreach (string value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
