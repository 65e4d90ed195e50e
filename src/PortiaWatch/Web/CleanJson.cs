using System.Buffers;
using System.Text.Json;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Web;

/// <summary>Copies JSON with every text in it made fit for a person's eyes: the page shows what programs say of themselves, and they may say anything.</summary>
internal static class CleanJson
{
    // Longer than any evidence that a person reads.
    private const int LongestText = 4000;

    public static void Write(Utf8JsonWriter json, string name, string? text)
    {
        if (text is null)
            json.WriteNull(name);
        else
            json.WriteString(name, PlainText.Clean(text, LongestText));
    }

    public static void Copy(Utf8JsonWriter json, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (JsonProperty member in element.EnumerateObject())
                {
                    json.WritePropertyName(PlainText.Clean(member.Name, LongestText));
                    Copy(json, member.Value);
                }

                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (JsonElement item in element.EnumerateArray())
                    Copy(json, item);
                json.WriteEndArray();
                break;
            case JsonValueKind.String:
                json.WriteStringValue(PlainText.Clean(element.GetString() ?? "", LongestText));
                break;
            default:
                element.WriteTo(json);
                break;
        }
    }

    /// <summary>What <paramref name="fill"/> writes, cleaned.</summary>
    public static void Copy(Utf8JsonWriter json, Action<Utf8JsonWriter> fill)
    {
        using JsonDocument raw = JsonDocument.Parse(ToUtf8(fill));
        Copy(json, raw.RootElement);
    }

    public static ReadOnlyMemory<byte> ToUtf8(Action<Utf8JsonWriter> fill)
    {
        var buffer = new ArrayBufferWriter<byte>(2048);
        using (var json = new Utf8JsonWriter(buffer))
            fill(json);
        return buffer.WrittenMemory;
    }
}
