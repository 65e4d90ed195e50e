using System.Text.Json;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Containers;

/// <summary>One running container as its engine tells (<c>GET /containers/json</c>). Names are what their makers liked.</summary>
internal sealed record RunningContainer(string Id, string Name, string Image, string? ComposeProject, IReadOnlyList<PublishedPort> Ports)
{
    private const int ShownName = 60;

    /// <summary>Docker's own label and the one of podman-compose.</summary>
    private static readonly string[] ProjectLabels = ["com.docker.compose.project", "io.podman.compose.project"];

    /// <summary>web (nginx:1.25, compose project shop)</summary>
    public string Title => $"{PlainText.Clean(Name, ShownName)} ({PlainText.Clean(Image, ShownName)}{(ComposeProject is { } project ? $", compose project {PlainText.Clean(project, ShownName)}" : "")})";

    public bool Publishes(Endpoint endpoint) => Ports.Any(port => port.Is(endpoint));

    /// <summary>Every container of the list that can be named; an answer of another shape has none.</summary>
    public static IReadOnlyList<RunningContainer> ReadAll(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Array ? [.. document.RootElement.EnumerateArray().Select(Read).OfType<RunningContainer>()] : [];
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return [];
        }
    }

    private static RunningContainer? Read(JsonElement container)
    {
        // The id goes into a path of the engine's API: nothing but what ids are made of.
        if (Text(container, "Id") is not { Length: > 0 } id || !id.All(char.IsAsciiHexDigitLower))
            return null;
        string? name = Member(container, "Names") is { ValueKind: JsonValueKind.Array } names
            ? names.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()?.TrimStart('/')).FirstOrDefault(IsName)
            : null;
        JsonElement? labels = Member(container, "Labels");
        return new RunningContainer(
            id,
            name ?? id[..Math.Min(12, id.Length)],
            Text(container, "Image") ?? "?",
            labels is { } known ? ProjectLabels.Select(label => Text(known, label)).FirstOrDefault(project => project is { Length: > 0 }) : null,
            Member(container, "Ports") is { ValueKind: JsonValueKind.Array } ports ? [.. ports.EnumerateArray().Select(PublishedPort.Read).OfType<PublishedPort>()] : []);
    }

    // As both engines allow them; it is shown as a word of a command.
    private static bool IsName(string? name) => name is { Length: > 0 } && char.IsAsciiLetterOrDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-');

    private static string? Text(JsonElement element, string name) => Member(element, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static JsonElement? Member(JsonElement element, string name) => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement member) ? member : null;
}
