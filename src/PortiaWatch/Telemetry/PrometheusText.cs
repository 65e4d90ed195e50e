using System.Globalization;
using System.Text;

namespace PortiaWatch.Telemetry;

/// <summary>Writes numbers in Prometheus's text exposition format, version 0.0.4.</summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static string Of(IReadOnlyList<Metric> metrics)
    {
        var text = new StringBuilder(4096);
        foreach (Metric metric in metrics)
            Append(text, metric);
        return text.ToString();
    }

    /// <summary>A label's value: nothing in it can end the value or the line.</summary>
    internal static string Escape(string value) => value
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("\r", "", StringComparison.Ordinal);

    private static void Append(StringBuilder text, Metric metric)
    {
        string name = metric.Kind == MetricKind.Counter ? metric.Name + "_total" : metric.Name;
        text.Append("# HELP ").Append(name).Append(' ').Append(metric.Help).Append('\n');
        text.Append("# TYPE ").Append(name).Append(' ').Append(WordOf(metric.Kind)).Append('\n');
        foreach (MetricPoint point in metric.Points)
        {
            if (point.Distribution is { } distribution)
                Append(text, name, point.Labels, distribution);
            else
                AppendLine(text, name, point.Labels, point.Value);
        }
    }

    private static void Append(StringBuilder text, string name, IReadOnlyList<(string Name, string Value)> labels, Distribution distribution)
    {
        // Here each class counts all that is below it, too.
        long soFar = 0;
        for (int i = 0; i < distribution.Counts.Count; i++)
        {
            soFar += distribution.Counts[i];
            string end = i < distribution.Bounds.Count ? distribution.Bounds[i].ToString(CultureInfo.InvariantCulture) : "+Inf";
            AppendLine(text, name + "_bucket", [.. labels, ("le", end)], soFar);
        }

        AppendLine(text, name + "_sum", labels, distribution.SumSeconds);
        AppendLine(text, name + "_count", labels, soFar);
    }

    private static void AppendLine(StringBuilder text, string name, IReadOnlyList<(string Name, string Value)> labels, double value)
    {
        text.Append(name);
        if (labels.Count > 0)
            text.Append('{').AppendJoin(',', labels.Select(label => $"{label.Name}=\"{Escape(label.Value)}\"")).Append('}');
        text.Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }

    private static string WordOf(MetricKind kind) => kind switch
    {
        MetricKind.Counter => "counter",
        MetricKind.Gauge => "gauge",
        _ => "histogram",
    };
}
