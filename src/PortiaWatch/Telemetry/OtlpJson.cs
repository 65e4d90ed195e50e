using System.Buffers;
using System.Globalization;
using System.Text.Json;
using PortiaWatch.Control;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Telemetry;

/// <summary>
/// Writes OTLP's JSON encoding (opentelemetry-proto 1.x): names in camelCase, 64-bit integers as strings, times in nanoseconds since 1970. Foreign text only ever stands
/// in JSON strings, without control characters.
/// </summary>
internal static class OtlpJson
{
    private const string Service = "portia";
    private const int Cumulative = 2;
    private const int SeverityInfo = 9;
    private const int SeverityWarn = 13;
    private const int MaxChars = 1000;
    private const int MostHolders = 16;

    /// <summary>One record of <see cref="Logs"/>: small, so that those that wait hold no evidence in memory.</summary>
    public static byte[] LogRecord(Outcome outcome) => ToUtf8(json =>
    {
        Incident incident = outcome.Verdict.Incident;
        ProcessFacts[] holders = [.. incident.Holders.Select(holder => holder.Process).OfType<ProcessFacts>().Take(MostHolders)];
        json.WriteStartObject();
        json.WriteString("timeUnixNano", Nanoseconds(outcome.At));
        json.WriteString("observedTimeUnixNano", Nanoseconds(outcome.At));
        json.WriteNumber("severityNumber", outcome.IsTrouble ? SeverityWarn : SeverityInfo);
        json.WriteString("severityText", outcome.IsTrouble ? "WARN" : "INFO");
        json.WriteString("eventName", "portia.outcome");
        json.WriteStartObject("body");
        json.WriteString("stringValue", Clean(outcome.Sentence));
        json.WriteEndObject();
        json.WriteStartArray("attributes");
        Attribute(json, "portia.incident", incident.Id);
        Attribute(json, "portia.outcome", Camel(outcome.Kind));
        Attribute(json, "portia.verdict", Camel(outcome.Verdict.Action));
        Attribute(json, "portia.rule", outcome.Verdict.Rule.Title);
        Attribute(json, "portia.source", incident.Collision.Evidence.Record.Source);
        Attribute(json, "portia.endpoint", incident.Endpoint.ToString());
        Attribute(json, "portia.port", incident.Endpoint.Port);
        Attribute(json, "portia.contender", incident.Contender?.Facts?.Name ?? incident.Contender?.Name);
        Attribute(json, "portia.contender.pid", incident.Contender is { Pid: > 0 } contender ? contender.Pid : null);
        Attribute(json, "portia.holder", holders.FirstOrDefault()?.Name);
        Attribute(json, "portia.holder.pid", holders.FirstOrDefault()?.Identity.Pid);
        Attribute(json, "portia.holders", holders.Length);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    /// <summary>The body of a request to <c>/v1/logs</c>.</summary>
    public static byte[] Logs(IReadOnlyList<byte[]> records) => Envelope("resourceLogs", "scopeLogs", "logRecords", json =>
    {
        foreach (byte[] record in records)
            json.WriteRawValue(record, skipInputValidation: true);
    });

    /// <summary>The body of a request to <c>/v1/metrics</c>.</summary>
    public static byte[] Metrics(IReadOnlyList<Metric> metrics, DateTimeOffset since, DateTimeOffset now) => Envelope("resourceMetrics", "scopeMetrics", "metrics", json =>
    {
        foreach (Metric metric in metrics.Where(metric => metric.Points.Count > 0))
            Write(json, metric, Nanoseconds(since), Nanoseconds(now));
    });

    private static byte[] Envelope(string resources, string scopes, string items, Action<Utf8JsonWriter> fill) => ToUtf8(json =>
    {
        json.WriteStartObject();
        json.WriteStartArray(resources);
        json.WriteStartObject();
        json.WriteStartObject("resource");
        json.WriteStartArray("attributes");
        Attribute(json, "service.name", Service);
        Attribute(json, "service.version", Build.ShortVersion(Build.Version));
        Attribute(json, "host.name", Environment.MachineName);
        Attribute(json, "process.pid", Environment.ProcessId);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartArray(scopes);
        json.WriteStartObject();
        json.WriteStartObject("scope");
        json.WriteString("name", Service);
        json.WriteEndObject();
        json.WriteStartArray(items);
        fill(json);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter json, Metric metric, string since, string now)
    {
        json.WriteStartObject();
        json.WriteString("name", metric.Name);
        json.WriteString("description", metric.Help);
        if (metric.Name.EndsWith("_seconds", StringComparison.Ordinal))
            json.WriteString("unit", "s");
        json.WriteStartObject(metric.Kind switch { MetricKind.Counter => "sum", MetricKind.Gauge => "gauge", _ => "histogram" });
        if (metric.Kind != MetricKind.Gauge)
            json.WriteNumber("aggregationTemporality", Cumulative);
        if (metric.Kind == MetricKind.Counter)
            json.WriteBoolean("isMonotonic", true);
        json.WriteStartArray("dataPoints");
        foreach (MetricPoint point in metric.Points)
            Write(json, point, since, now);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, MetricPoint point, string since, string now)
    {
        json.WriteStartObject();
        json.WriteStartArray("attributes");
        foreach ((string name, string value) in point.Labels)
            Attribute(json, name, value);
        json.WriteEndArray();
        json.WriteString("startTimeUnixNano", since);
        json.WriteString("timeUnixNano", now);
        if (point.Distribution is { } spread)
        {
            json.WriteString("count", Text(spread.Counts.Sum()));
            json.WriteNumber("sum", spread.SumSeconds);
            json.WriteStartArray("explicitBounds");
            foreach (double bound in spread.Bounds)
                json.WriteNumberValue(bound);
            json.WriteEndArray();
            json.WriteStartArray("bucketCounts");
            foreach (long count in spread.Counts)
                json.WriteStringValue(Text(count));
            json.WriteEndArray();
        }
        else
            json.WriteNumber("asDouble", point.Value);
        json.WriteEndObject();
    }

    private static void Attribute(Utf8JsonWriter json, string key, string? value)
    {
        if (value is not null)
            Attribute(json, key, "stringValue", Clean(value));
    }

    private static void Attribute(Utf8JsonWriter json, string key, long? value)
    {
        if (value is { } number)
            Attribute(json, key, "intValue", Text(number));
    }

    private static void Attribute(Utf8JsonWriter json, string key, string type, string value)
    {
        json.WriteStartObject();
        json.WriteString("key", key);
        json.WriteStartObject("value");
        json.WriteString(type, value);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static byte[] ToUtf8(Action<Utf8JsonWriter> fill)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
            fill(json);
        return buffer.WrittenSpan.ToArray();
    }

    private static string Clean(string text) => PlainText.Clean(text, MaxChars);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Nanoseconds(DateTimeOffset moment) => Text((moment - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick);

    private static string Camel<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
