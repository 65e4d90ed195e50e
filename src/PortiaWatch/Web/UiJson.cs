using System.Text.Json.Serialization;

namespace PortiaWatch.Web;

/// <summary>Reads what the page sends.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, MaxDepth = 8)]
[JsonSerializable(typeof(StrikeWish))]
[JsonSerializable(typeof(LeaveWish))]
internal sealed partial class UiJson : JsonSerializerContext;
