using System.Text;
using System.Text.Json;

namespace PortiaWatch.Pipeline.Detection;

/// <summary>
/// Opens one JSON object: a record of <c>log stream</c>, of journald or of a container's log, or what a program logs itself. Of the last kind every field becomes a line
/// <c>name: value</c>, so that <c>"port":3000</c> beside an error is read as any other property dump.
/// </summary>
internal static class JsonEnvelope
{
    private const int MaxDepth = 64;
    private const int MaxNesting = 3;
    private const int MaxChars = 65536;
    private const int MaxFields = 512;

    /// <summary>Null when the line is no complete JSON object; it is then read as text.</summary>
    public static Envelope? TryOpen(ReadOnlySpan<byte> json, int nesting)
    {
        var fields = new List<(string Path, string Value)>();
        try
        {
            ReadFields(json, fields);
        }
        catch (JsonException)
        {
            return null;
        }
        catch (InvalidOperationException)
        {
            // A string that is no valid UTF-8 or UTF-16 (a lone surrogate): the bytes are still readable as text.
            return null;
        }

        return ReadLogStream(fields) ?? ReadJournal(fields, nesting) ?? ReadContainer(fields, nesting) ?? new Envelope("", Flatten(fields), true) { StatedBy = ReadStated(fields) };
    }

    private static Envelope? ReadLogStream(List<(string Path, string Value)> fields)
    {
        if (Find(fields, "eventMessage") is { } message && Find(fields, "processImagePath") is { } image)
        {
            var time = Times.ReadLogStream(Find(fields, "timestamp"));
            return new Envelope(Find(fields, "processID") ?? "", message.Split('\n'), true)
            {
                Format = LogFormat.LogStream,
                Program = image[(image.LastIndexOf('/') + 1)..],
                Time = time,
                StatedBy = time,
            };
        }

        // Activities, losses and the trailer carry no text.
        return Find(fields, "eventType") is not null && Find(fields, "timestamp") is not null || Find(fields, "finished") is not null && Find(fields, "count") is not null
            ? new Envelope("", [], true) { Format = LogFormat.LogStream }
            : null;
    }

    private static Envelope? ReadJournal(List<(string Path, string Value)> fields, int nesting)
    {
        if (Find(fields, "__CURSOR") is null && Find(fields, "MESSAGE") is null)
            return null;
        var messages = new List<string>();
        foreach (var field in fields)
        {
            if (field.Path == "MESSAGE")
                messages.Add(field.Value);
        }

        var message = string.Join('\n', messages);
        var tag = Find(fields, "_PID") ?? "";
        var program = Find(fields, "SYSLOG_IDENTIFIER") ?? Find(fields, "_COMM");
        var time = Times.ReadJournal(Find(fields, "__REALTIME_TIMESTAMP"));
        return new Envelope(tag, Inner(message, nesting), true) { Format = LogFormat.Journal, Program = program, Time = time, StatedBy = time };
    }

    // Docker's json-file: {"log":"…\n","stream":"stderr","time":"…"}. A program's lines come one by one, so they are no whole messages.
    private static Envelope? ReadContainer(List<(string Path, string Value)> fields, int nesting)
    {
        if (Find(fields, "log") is not { } log || Find(fields, "stream") is not ("stdout" or "stderr") || fields.Count > 8)
            return null;
        return new Envelope("docker", Inner(log.TrimEnd('\n', '\r'), nesting), log.TrimStart().StartsWith('{')) { Time = Times.ReadIso(Find(fields, "time")), StatedBy = ReadStated(fields) };
    }

    private static IReadOnlyList<string> Inner(string text, int nesting)
    {
        if (nesting < MaxNesting && text.StartsWith('{') && TryOpen(Encoding.UTF8.GetBytes(text), nesting + 1) is { } inner)
            return inner.Lines;
        return text.Split('\n', '\r');
    }

    private static DateTimeOffset? ReadStated(List<(string Path, string Value)> fields) =>
        StatedTime.Read(Find(fields, "time") ?? Find(fields, "timestamp") ?? Find(fields, "@timestamp") ?? Find(fields, "ts") ?? "");

    private static string? Find(List<(string Path, string Value)> fields, string path)
    {
        foreach (var field in fields)
        {
            if (field.Path == path)
                return field.Value;
        }

        return null;
    }

    private static List<string> Flatten(List<(string Path, string Value)> fields)
    {
        var lines = new List<string>();
        foreach (var (path, value) in fields)
        {
            if (IsAboutSomethingElse(path))
                continue;
            var parts = value.Split('\n');
            lines.Add($"{path}: {parts[0]}");
            lines.AddRange(parts.Skip(1));
        }

        return lines;
    }

    // What somebody asked for or looked at, not what happened.
    private static bool IsAboutSomethingElse(string path) => path[(path.LastIndexOf('.') + 1)..].ToLowerInvariant() is "query" or "q" or "search" or "url" or "uri" or "referer" or "referrer" or "title" or "subject"
        or "user_agent" or "useragent" or "commit" or "user-agent" or "request_uri" or "keywords" or "tags";

    private static void ReadFields(ReadOnlySpan<byte> json, List<(string Path, string Value)> fields)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth, AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        var path = new List<string>();
        var name = "";
        var chars = 0;
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    name = reader.GetString() ?? "";
                    break;
                case JsonTokenType.StartObject:
                    path.Add(name);
                    break;
                case JsonTokenType.EndObject:
                    path.RemoveAt(path.Count - 1);
                    break;
                case JsonTokenType.StartArray when name == "MESSAGE" && path.Count == 1:
                    fields.Add(("MESSAGE", ReadMessage(ref reader)));
                    break;
                case JsonTokenType.String or JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False when fields.Count < MaxFields && chars < MaxChars:
                    var value = reader.TokenType == JsonTokenType.String ? reader.GetString() ?? "" : Encoding.UTF8.GetString(reader.ValueSpan);
                    chars += value.Length;
                    fields.Add((path.Count > 1 ? string.Join('.', path.Skip(1).Append(name)) : name, value));
                    break;
            }
        }
    }

    // journald: an array of bytes (a message with control characters or invalid UTF-8), of strings, or of both (the field occurs more than once).
    private static string ReadMessage(ref Utf8JsonReader reader)
    {
        var parts = new List<string>();
        var bytes = new List<byte>();
        var depth = reader.CurrentDepth;
        while (reader.Read() && !(reader.TokenType == JsonTokenType.EndArray && reader.CurrentDepth == depth))
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.Number when reader.TryGetByte(out var one) && bytes.Count < MaxChars:
                    bytes.Add(one);
                    break;
                case JsonTokenType.String:
                    parts.Add(reader.GetString() ?? "");
                    break;
                case JsonTokenType.EndArray:
                    parts.Add(Encoding.UTF8.GetString([.. bytes]));
                    bytes.Clear();
                    break;
            }
        }

        if (bytes.Count > 0)
            parts.Add(Encoding.UTF8.GetString([.. bytes]));
        return string.Join('\n', parts);
    }
}
