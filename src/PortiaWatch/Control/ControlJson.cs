using System.Text.Json.Serialization;

namespace PortiaWatch.Control;

/// <summary>Reads and writes the control socket's lines. Nothing in them is nested deeper than a list in an object in an object.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, MaxDepth = 8)]
[JsonSerializable(typeof(ControlRequest))]
[JsonSerializable(typeof(ControlError))]
[JsonSerializable(typeof(ControlHello))]
[JsonSerializable(typeof(ControlMissed))]
[JsonSerializable(typeof(FreeAnswer))]
[JsonSerializable(typeof(LeaveAnswer))]
[JsonSerializable(typeof(MetricsAnswer))]
[JsonSerializable(typeof(StrikeBeat))]
[JsonSerializable(typeof(WatchStatus))]
internal sealed partial class ControlJson : JsonSerializerContext;
