using System.Text.Json;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Verbs;

/// <summary>Reads <c>portia.incident/1</c> lines back, as far as rules look at them. Names that are missing (an older recording) count as not known.</summary>
internal static class RecordedIncidents
{
    public const int LongestLine = 1024 * 1024;

    /// <summary>Null with a plain sentence when the line is no recorded incident.</summary>
    public static (Incident Incident, DateTimeOffset At)? Read(string line, out string? error)
    {
        error = null;
        if (line.Length > LongestLine)
        {
            error = "is longer than any recorded incident";
            return null;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object && Text(root, "schema") == IncidentJson.Schema)
                return ReadIncident(root);
            error = $"is not of schema \"{IncidentJson.Schema}\"; record some with: portia watch --json";
        }
        catch (JsonException e)
        {
            error = $"is not JSON: {PlainText.Clean(e.Message, 200)}";
        }
        catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException or FormatException)
        {
            error = $"is not a whole incident: {PlainText.Clean(e.Message, 200)}";
        }

        return null;
    }

    private static (Incident, DateTimeOffset) ReadIncident(JsonElement root)
    {
        JsonElement collision = root.GetProperty("collision");
        DateTimeOffset at = collision.GetProperty("last").GetDateTimeOffset();
        string[] doubts = [.. root.GetProperty("doubts").EnumerateArray().Select(d => d.GetString() ?? "")];
        bool isConfirmed = root.GetProperty("confirmed").GetBoolean();
        if (!isConfirmed && doubts.Length == 0)
            doubts = ["The recording does not say why."];
        var incident = new Incident
        {
            Id = Text(root, "id") ?? "",
            Collision = ReadCollision(collision, at),
            Endpoint = ReadEndpoint(root.GetProperty("endpoint")),
            Contender = Object(root, "contender") is { } contender ? ReadContender(contender) : null,
            State = Choice<PortState>(root, "state"),
            Holders = [.. root.GetProperty("holders").EnumerateArray().Select(ReadHolder)],
            Doubts = doubts,
            IsHolderConfirmed = root.TryGetProperty("holderConfirmed", out JsonElement confirmed) ? confirmed.GetBoolean() : isConfirmed,
            IsSameProject = root.GetProperty("sameProject").GetBoolean(),
        };
        return (incident, at);
    }

    private static Collision ReadCollision(JsonElement collision, DateTimeOffset at) => new()
    {
        Evidence = new Sighting
        {
            Record = new LogRecord
            {
                Text = default,
                Source = Text(collision, "source") ?? "recording",
                Trust = Choice<Trust>(collision, "trust"),
                Time = Time(collision, "written") ?? at,
                ReadAt = Time(collision, "read") ?? at,
            },
            Kind = Choice<SightingKind>(collision, "kind"),
            Endpoint = ReadEndpoint(collision.GetProperty("endpoint")),
            Pattern = Text(collision, "pattern") ?? "",
            Text = Text(collision, "text") ?? "",
            CauseStated = !collision.TryGetProperty("causeStated", out JsonElement stated) || stated.GetBoolean(),
        },
        First = collision.GetProperty("first").GetDateTimeOffset(),
        Last = at,
        Count = collision.GetProperty("count").GetInt32(),
        Sources = [.. collision.GetProperty("sources").EnumerateArray().Select(s => s.GetString() ?? "")],
    };

    private static Endpoint ReadEndpoint(JsonElement endpoint) => new()
    {
        Transport = Text(endpoint, "transport") is null ? null : Choice<Transport>(endpoint, "transport"),
        Address = Text(endpoint, "address"),
        Port = endpoint.TryGetProperty("port", out JsonElement port) && port.ValueKind == JsonValueKind.Number ? port.GetInt32() : null,
        Path = Text(endpoint, "path"),
    };

    private static Sender ReadContender(JsonElement contender) => new(contender.GetProperty("pid").GetInt32())
    {
        Uid = contender.TryGetProperty("uid", out JsonElement uid) && uid.ValueKind == JsonValueKind.Number ? uid.GetUInt32() : null,
        Facts = ReadProcess(contender),
    };

    private static Holder ReadHolder(JsonElement holder)
    {
        bool isProtected = holder.TryGetProperty("protected", out JsonElement guarded) && guarded.GetBoolean();
        return new Holder
        {
            Endpoint = ReadEndpoint(holder.GetProperty("endpoint")),
            Use = Choice<SocketUse>(holder, "use"),
            Process = ReadProcess(holder),
            User = Text(holder, "user"),
            Protection = isProtected ? Text(holder, "advice") ?? "It was protected." : null,
            Advice = Text(holder, "advice"),
            Known = Text(holder, "known"),
        };
    }

    private static ProcessFacts? ReadProcess(JsonElement process)
    {
        if (process.GetProperty("pid").ValueKind != JsonValueKind.Number || Text(process, "name") is not { } name)
            return null;
        return new ProcessFacts
        {
            Identity = new ProcessIdentity(process.GetProperty("pid").GetInt32(), 0, null),
            Name = name,
            Path = Text(process, "path"),
            Command = process.TryGetProperty("command", out JsonElement command) && command.ValueKind == JsonValueKind.Array
                ? [.. command.EnumerateArray().Select(c => c.GetString() ?? "")]
                : null,
            WorkingDirectory = Text(process, "cwd"),
            Project = Text(process, "project"),
            StartedAt = Time(process, "startedAt"),
            IsOrphan = process.TryGetProperty("orphan", out JsonElement orphan) && orphan.ValueKind == JsonValueKind.True,
            Supervisor = Object(process, "supervisor") is { } supervisor ? ReadSupervisor(supervisor) : null,
            Container = Text(process, "container"),
        };
    }

    private static Supervisor ReadSupervisor(JsonElement supervisor) => new(
        Text(supervisor, "kind") ?? "",
        Text(supervisor, "name") ?? "",
        supervisor.TryGetProperty("stop", out JsonElement stop) && stop.ValueKind == JsonValueKind.Array ? [.. stop.EnumerateArray().Select(s => s.GetString() ?? "")] : []);

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static DateTimeOffset? Time(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetDateTimeOffset() : null;

    private static JsonElement? Object(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Object ? value : null;

    private static T Choice<T>(JsonElement element, string name)
        where T : struct, Enum => Enum.TryParse(Text(element, name), ignoreCase: true, out T value) && Enum.IsDefined(value)
        ? value
        : throw new FormatException($"\"{name}\" has a value that this version does not know.");
}
