using PortiaWatch.Telemetry;

namespace PortiaWatch.Control;

/// <summary>Answers <c>metrics</c>: the numbers as Prometheus reads them.</summary>
internal sealed class MetricsDesk(WatchMetrics metrics)
{
    public Task AnswerAsync(ControlRequest request, ControlConnection connection, CancellationToken cancellation) => connection.WriteAsync(
        new MetricsAnswer(MetricsAnswer.CurrentSchema, PrometheusText.Of(metrics.Read())), ControlJson.Default.MetricsAnswer, cancellation);
}
