using System.Net;

namespace PortiaWatch.Pipeline.Configuration;

/// <summary>Where the watcher's numbers and outcomes go besides its own views. Nothing leaves the machine unless an address is named.</summary>
public sealed record TelemetrySettings
{
    /// <summary>Loopback address that Prometheus scrapes; null for none.</summary>
    public IPEndPoint? Prometheus { get; init; }

    /// <summary>Base address of an OpenTelemetry collector (OTLP over HTTP); null for none.</summary>
    public Uri? Otlp { get; init; }

    /// <summary>A structured entry in the systemd journal for each outcome.</summary>
    public Toggle Journal { get; init; }
}
