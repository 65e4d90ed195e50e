namespace PortiaWatch.Control;

/// <summary><c>portia.metrics/1</c>: the watcher's numbers.</summary>
/// <param name="Schema">Always <see cref="CurrentSchema"/>.</param>
/// <param name="Text">In Prometheus's text exposition format.</param>
internal sealed record MetricsAnswer(string Schema, string Text)
{
    public const string CurrentSchema = "portia.metrics/1";
}
