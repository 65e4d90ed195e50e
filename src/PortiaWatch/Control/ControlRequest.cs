using System.Text.Json;

namespace PortiaWatch.Control;

/// <summary><c>portia.request/1</c>: what a client asks, one object on one line. Unknown members are ignored, so that later versions may add some.</summary>
internal sealed record ControlRequest
{
    public const string CurrentSchema = "portia.request/1";
    public const string Status = "status";
    public const string Tail = "tail";
    public const string Free = "free";
    public const string Hook = "hook";

    /// <summary>The second line of an order with <see cref="FreeOrder.Beats"/>; a request of its own it is not.</summary>
    public const string Go = "go";

    public const string Metrics = "metrics";
    public const string Leave = "leave";

    public string? Schema { get; init; }

    /// <summary>What is to be done: one of the constants above.</summary>
    public string? Do { get; init; }

    [System.Text.Json.Serialization.JsonPropertyName("free")]
    public FreeOrder? Order { get; init; }

    [System.Text.Json.Serialization.JsonPropertyName("hook")]
    public HookReport? Report { get; init; }

    /// <summary>The id of the incident whose holder is to be left alone.</summary>
    public string? Incident { get; init; }

    public static ControlRequest For(string verb) => new() { Schema = CurrentSchema, Do = verb };

    /// <summary>Null when the line is no request of this version.</summary>
    public static ControlRequest? TryParse(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, ControlJson.Default.ControlRequest) is { Schema: CurrentSchema, Do: not null } request ? request : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // No JSON, another shape, or bytes that are no UTF-8.
            return null;
        }
    }
}
