using System.Globalization;
using System.Text.Json;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Telemetry;

/// <summary>
/// Counts collisions by source, port and verdict. A program that walks through the ports must not make a table without end here and in the system that scrapes it: the first
/// ports have a row each, all further ones share one. Thread-safe.
/// </summary>
internal sealed class CollisionTally
{
    /// <summary>More than anybody's servers have; with a handful of sources and verdicts it bounds the whole table.</summary>
    public const int MostPorts = 100;

    private const string Others = "other";
    private const string NoPort = "none";

    private readonly Lock _lock = new();
    private readonly HashSet<int> _ports = [];
    private readonly Dictionary<(string Source, string Port, string Verdict), long> _counts = [];

    public void Add(Verdict verdict)
    {
        Incident incident = verdict.Incident;
        string action = JsonNamingPolicy.CamelCase.ConvertName(verdict.Action.ToString());
        lock (_lock)
        {
            (string, string, string) key = (incident.Collision.Evidence.Record.Source, LabelOf(incident.Endpoint.Port), action);
            _counts[key] = _counts.GetValueOrDefault(key) + 1;
        }
    }

    public IReadOnlyList<MetricPoint> Snapshot()
    {
        lock (_lock)
            return [.. _counts.Select(row => new MetricPoint([("source", row.Key.Source), ("port", row.Key.Port), ("verdict", row.Key.Verdict)], row.Value))];
    }

    private string LabelOf(int? port)
    {
        if (port is not { } number)
            return NoPort;
        bool hasRow = _ports.Contains(number) || (_ports.Count < MostPorts && _ports.Add(number));
        return hasRow ? number.ToString(CultureInfo.InvariantCulture) : Others;
    }
}
