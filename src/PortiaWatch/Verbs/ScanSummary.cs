using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Verbs;

/// <summary>Counts sightings by endpoint and program, bounded: what does not fit is counted together.</summary>
internal sealed class ScanSummary
{
    private const int MaxRows = 1000;

    private readonly Dictionary<string, Row> _rows = [];

    public int Total { get; private set; }

    /// <summary>Sightings that found no row of their own.</summary>
    public int Beyond { get; private set; }

    /// <summary>The busiest first.</summary>
    public IReadOnlyList<Row> Rows => [.. _rows.Values.OrderByDescending(row => row.Count).ThenBy(row => row.Endpoint, StringComparer.Ordinal)];

    public void Add(Sighting sighting)
    {
        Total++;
        var endpoint = sighting.Endpoint.ToString();
        var program = sighting.ClaimedProgram ?? "";
        var key = $"{(int)sighting.Kind}\0{endpoint}\0{program}";
        if (!_rows.TryGetValue(key, out var row))
        {
            if (_rows.Count == MaxRows)
            {
                Beyond++;
                return;
            }

            _rows.Add(key, row = new Row(endpoint, program, sighting.Kind));
        }

        row.Add(sighting);
    }

    /// <summary>One line of the summary.</summary>
    internal sealed class Row(string endpoint, string program, SightingKind kind)
    {
        public string Endpoint { get; } = endpoint;

        public string Program { get; } = program;

        public SightingKind Kind { get; } = kind;

        public int Count { get; private set; }

        /// <summary>Where it was seen first and last: a time where the log has one, else the line.</summary>
        public string First { get; private set; } = "";

        public string Last { get; private set; } = "";

        public void Add(Sighting sighting)
        {
            Last = sighting.Record.Time == default ? $"line {sighting.Number}" : sighting.Record.Time.ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);
            if (Count++ == 0)
                First = Last;
        }
    }
}
