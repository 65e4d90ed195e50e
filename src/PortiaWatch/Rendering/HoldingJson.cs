using System.Text.Json;
using PortiaWatch.Pipeline.Enrichment;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Rendering;

/// <summary><c>portia.holder/1</c>: one target with its state and holders.</summary>
internal static class HoldingJson
{
    public static void Write(Utf8JsonWriter json, Endpoint target, Holding holding)
    {
        json.WriteStartObject();
        json.WriteString("schema", "portia.holder/1");
        json.WriteString("target", target.ToTarget());
        json.WriteString("state", JsonNamingPolicy.CamelCase.ConvertName(holding.State.ToString()));
        json.WriteStartArray("holders");
        foreach (Holder holder in holding.Holders)
            HolderJson.Write(json, holder);
        json.WriteEndArray();
        json.WriteString("limit", holding.Limit);
        json.WriteEndObject();
    }
}
