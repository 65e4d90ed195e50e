using System.Text;
using System.Text.Json;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.History;

/// <summary>Writes the outcome of an incident whose verdict is not at hand any more.</summary>
internal static class Ending
{
    /// <summary>Like the value of <c>outcome</c> in <c>portia.incident/1</c>.</summary>
    /// <param name="kind">How it ended.</param>
    /// <param name="sentence">For people.</param>
    /// <param name="at">Null when that is not written down anywhere yet.</param>
    public static string ToJson(OutcomeKind kind, string sentence, DateTimeOffset? at)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("kind", IncidentJson.Camel(kind));
            json.WriteString("sentence", sentence);
            json.WriteNull("nextStep");
            if (at is { } time)
                json.WriteString("at", time);
            else
                json.WriteNull("at");
            json.WriteNull("tookMilliseconds");
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
