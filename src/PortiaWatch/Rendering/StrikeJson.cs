using System.Text.Json;
using PortiaWatch.Pipeline.Enrichment;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Striking;

namespace PortiaWatch.Rendering;

/// <summary><c>portia.strike/1</c>: what a strike by hand did.</summary>
internal static class StrikeJson
{
    public static void Write(Utf8JsonWriter json, Endpoint target, Holding holding, StrikeResult result)
    {
        json.WriteStartObject();
        json.WriteString("schema", "portia.strike/1");
        json.WriteString("target", target.ToTarget());
        json.WriteString("outcome", JsonNamingPolicy.CamelCase.ConvertName(result.Kind.ToString()));
        json.WriteString("sentence", result.Sentence);
        json.WriteString("nextStep", result.NextStep);
        if (result.Took is { } took)
            json.WriteNumber("tookMilliseconds", Math.Round(took.TotalMilliseconds, 1));
        else
            json.WriteNull("tookMilliseconds");
        json.WriteStartArray("signalled");
        foreach (ProcessIdentity process in result.Signalled)
            json.WriteNumberValue(process.Pid);
        json.WriteEndArray();
        json.WriteStartArray("holders");
        foreach (Holder holder in holding.Holders)
            HolderJson.Write(json, holder);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
