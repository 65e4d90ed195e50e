using System.Diagnostics.CodeAnalysis;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Events;
using Serilog;

namespace PortiaWatch.Telemetry;

/// <summary>Everything that carries numbers and outcomes out of the watcher, as far as the configuration asks for it. None of it can hold up the flow.</summary>
internal sealed class Exports : IAsyncDisposable
{
    private const string Journal = "journal";

    private readonly WatchMetrics _metrics;
    private readonly Func<Outcome, bool>? _journal;
    private readonly MetricsListener? _listener;
    private readonly OtlpExporter? _otlp;

    private Exports(WatchMetrics metrics, Func<Outcome, bool>? journal, MetricsListener? listener, OtlpExporter? otlp)
    {
        _metrics = metrics;
        _journal = journal;
        _listener = listener;
        _otlp = otlp;
    }

    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The caller disposes of the whole.")]
    public static Exports Start(TelemetrySettings settings, Platform platform, WatchMetrics metrics, ILogger log)
    {
        Func<Outcome, bool>? journal = settings.Journal == Toggle.Off ? null : platform.OpenJournal();
        if (journal is null && settings.Journal == Toggle.On)
            log.Warning("outcomes are not written to the journal: there is no systemd journal here");
        MetricsListener? listener = settings.Prometheus is { } address ? MetricsListener.TryStart(address, () => PrometheusText.Of(metrics.Read()), log) : null;
        OtlpExporter? otlp = settings.Otlp is { } collector ? new OtlpExporter(collector, metrics, TimeProvider.System, log) : null;
        return new Exports(metrics, journal, listener, otlp);
    }

    /// <summary>For one caller at a time.</summary>
    public void Tell(Outcome outcome)
    {
        if (_journal?.Invoke(outcome) == false)
            _metrics.Untold.Add(Journal);
        _otlp?.Tell(outcome);
    }

    public async ValueTask DisposeAsync()
    {
        if (_listener is { } listener)
            await listener.DisposeAsync();
        if (_otlp is { } otlp)
            await otlp.DisposeAsync();
    }
}
