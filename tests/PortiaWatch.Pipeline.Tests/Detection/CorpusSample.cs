using System.Globalization;
using System.Text.Json;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Tests.Detection;

/// <summary>One labelled message: what a program printed for one event, and what is to be read out of it.</summary>
internal sealed record CorpusSample(string Place, string Label)
{
    public string Text { get; init; } = "";

    public IReadOnlyList<int> Ports { get; init; } = [];

    /// <summary>Null: not checked.</summary>
    public string? Address { get; init; }

    public Transport? Transport { get; init; }

    public string? Path { get; init; }

    public bool? CauseStated { get; init; }

    public string Family { get; init; } = "";

    public static CorpusSample Parse(string place, string expectation)
    {
        var parts = expectation.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var sample = new CorpusSample(place, parts[0]) { CauseStated = parts[0] == "negative" ? null : true };
        if (parts[0] is not ("collision" or "resolved" or "negative"))
            throw new InvalidDataException($"{place}: '{parts[0]}' is no label");
        foreach (var part in parts.Skip(1))
        {
            var (key, value) = (part[..part.IndexOf('=', StringComparison.Ordinal)], part[(part.IndexOf('=', StringComparison.Ordinal) + 1)..]);
            sample = key switch
            {
                "ports" => sample with { Ports = [.. value.Split(',').Select(port => int.Parse(port, CultureInfo.InvariantCulture))] },
                "address" => sample with { Address = Endpoint.Normalise(value) },
                "transport" => sample with { Transport = Enum.Parse<Transport>(value, true) },
                "path" => sample with { Path = value },
                "cause" when value == "unstated" => sample with { CauseStated = false },
                _ => throw new InvalidDataException($"{place}: unknown expectation '{part}'"),
            };
        }

        return sample;
    }

    public static CorpusSample Parse(JsonElement element)
    {
        string? Text(string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        return new CorpusSample(Text("id") ?? "", Text("label") ?? "")
        {
            Text = Text("text") ?? "",
            Ports = [.. element.GetProperty("ports").EnumerateArray().Select(port => port.GetInt32())],
            Address = Text("address") is { } address ? Endpoint.Normalise(address) : null,
            Transport = Text("transport") is { } transport ? Enum.Parse<Transport>(transport, true) : null,
            Path = Text("unix_path"),
            CauseStated = element.TryGetProperty("cause_stated", out var stated) && stated.ValueKind is JsonValueKind.True or JsonValueKind.False ? stated.GetBoolean() : null,
            Family = Text("family") ?? "",
        };
    }

    public CorpusSample WithText(List<string> lines)
    {
        var text = string.Join('\n', lines).TrimEnd('\n');
        return text.Length > 0 ? this with { Text = text } : throw new InvalidDataException($"{Place}: an expectation without a sample");
    }

    /// <summary>What the sightings have against the expectation; empty when they meet it.</summary>
    public IEnumerable<string> Compare(IReadOnlyList<Sighting> sightings)
    {
        if (Label == "negative")
        {
            if (sightings.Count > 0)
                yield return $"reported as {sightings[0].Kind} of {sightings[0].Endpoint} by {sightings[0].Pattern}";
            yield break;
        }

        if (sightings.Count == 0)
        {
            yield return "missed";
            yield break;
        }

        var first = sightings[0];
        var kind = Label == "resolved" ? SightingKind.Resolved : SightingKind.Collision;
        if (sightings.Any(sighting => sighting.Kind != kind))
            yield return $"kind {first.Kind}, expected {kind}";
        var ports = sightings.Select(sighting => sighting.Endpoint.Port).OfType<int>();
        if (!ports.SequenceEqual(Ports))
            yield return $"ports [{string.Join(',', ports)}], expected [{string.Join(',', Ports)}]";
        if (Address is not null && first.Endpoint.Address != Address)
            yield return $"address {first.Endpoint.Address}, expected {Address}";
        if (Transport is not null && first.Endpoint.Transport != Transport)
            yield return $"transport {first.Endpoint.Transport}, expected {Transport}";
        if (Path is not null && first.Endpoint.Path != Path)
            yield return $"path {first.Endpoint.Path}, expected {Path}";
        if (CauseStated is { } stated && first.CauseStated != stated)
            yield return $"cause stated {first.CauseStated}, expected {stated}";
    }
}
