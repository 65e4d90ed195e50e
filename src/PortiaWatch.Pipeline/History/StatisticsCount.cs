using System.Globalization;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.History;

/// <summary>Counts incidents as they are read, oldest first. Keeps one small row for each port, program and day.</summary>
public sealed class StatisticsCount(TimeZoneInfo zone)
{
    // No more days than a picture or a table can hold; older incidents still count everywhere else.
    private const int MostDays = 366;

    private readonly Dictionary<string, Row> _ports = [];
    private readonly Dictionary<string, Row> _programs = [];
    private readonly Dictionary<string, Blockage> _open = [];
    private readonly SortedDictionary<DateOnly, (int Incidents, TimeSpan Blocked)> _days = [];
    private readonly int[][] _hours = [.. Enumerable.Range(0, 7).Select(_ => new int[24])];
    private int _incidents;
    private long _refusals;
    private int _freed;
    private TimeSpan _blocked;

    public void Add(HistoryEntry entry)
    {
        _incidents++;
        _refusals += entry.Count;
        _freed += entry.FreedAt is null ? 0 : 1;
        Of(_ports, PortOf(entry)).Add(entry, ProgramOf(entry));
        Of(_programs, ProgramOf(entry)).Add(entry, PortOf(entry));
        DateTimeOffset local = TimeZoneInfo.ConvertTime(entry.First, zone);
        AddDay(entry, 1, TimeSpan.Zero);
        _hours[((int)local.DayOfWeek + 6) % 7][local.Hour]++;
        if (entry.IsBlocking && !(_open.TryGetValue(PortOf(entry), out Blockage? open) && open.Takes(entry)))
        {
            if (_open.Remove(PortOf(entry), out Blockage? over))
                Close(over);
            _open.Add(PortOf(entry), new Blockage(entry));
        }
    }

    /// <summary>The end of the input.</summary>
    /// <param name="from">The first day to show; null means that of the first incident.</param>
    /// <param name="until">The last day to show.</param>
    public HistoryStatistics Complete(DateOnly? from, DateOnly until)
    {
        foreach (Blockage open in _open.Values)
            Close(open);
        _open.Clear();
        DateOnly first = from ?? (_days.Count > 0 ? _days.First().Key : until);
        if (_days.Count > 0 && _days.Last().Key > until)
            until = _days.Last().Key;
        first = first > until ? until : first < until.AddDays(1 - MostDays) ? until.AddDays(1 - MostDays) : first;
        return new HistoryStatistics
        {
            From = first,
            Until = until,
            Incidents = _incidents,
            Refusals = _refusals,
            Freed = _freed,
            Blocked = _blocked,
            Ports = Ordered(_ports),
            Programs = Ordered(_programs),
            Days = [.. Enumerable.Range(0, until.DayNumber - first.DayNumber + 1).Select(first.AddDays).Select(day => _days.TryGetValue(day, out var sum) ? new DayTally(day, sum.Incidents, sum.Blocked) : new DayTally(day, 0, TimeSpan.Zero))],
            Hours = _hours,
        };
    }

    private void Close(Blockage blockage)
    {
        _blocked += blockage.Length;
        Of(_ports, PortOf(blockage.First)).Blocked += blockage.Length;
        Of(_programs, ProgramOf(blockage.First)).Blocked += blockage.Length;
        AddDay(blockage.First, 0, blockage.Length);
    }

    private void AddDay(HistoryEntry entry, int incidents, TimeSpan blocked)
    {
        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(entry.First, zone).DateTime);
        (int Incidents, TimeSpan Blocked) sum = _days.GetValueOrDefault(day);
        _days[day] = (sum.Incidents + incidents, sum.Blocked + blocked);
    }

    private static string PortOf(HistoryEntry entry) => entry.Endpoint switch
    {
        { Path: { } path } => path,
        { Port: { } port, Transport: Transport.Udp } => string.Create(CultureInfo.InvariantCulture, $"udp/{port}"),
        { Port: { } port } => port.ToString(CultureInfo.InvariantCulture),
        _ => "",
    };

    private static string ProgramOf(HistoryEntry entry) => entry.Holders.FirstOrDefault(holder => holder.Name is not null)?.Name ?? "";

    private static Row Of(Dictionary<string, Row> rows, string name) => rows.TryGetValue(name, out Row? row) ? row : rows[name] = new Row();

    private static Tally[] Ordered(Dictionary<string, Row> rows) => [.. rows
        .Select(row => row.Value.ToTally(row.Key))
        .OrderByDescending(tally => tally.Incidents).ThenByDescending(tally => tally.Blocked).ThenBy(tally => tally.Name, StringComparer.Ordinal)];

    private sealed class Row
    {
        private readonly Dictionary<string, int> _others = [];
        private int _incidents;
        private long _refusals;
        private int _freed;

        public TimeSpan Blocked { get; set; }

        public void Add(HistoryEntry entry, string other)
        {
            _incidents++;
            _refusals += entry.Count;
            _freed += entry.FreedAt is null ? 0 : 1;
            if (other.Length > 0)
                _others[other] = _others.GetValueOrDefault(other) + 1;
        }

        public Tally ToTally(string name) => new(name, _incidents, _refusals, _freed, Blocked, _others.Count == 0 ? null : _others.MaxBy(other => other.Value).Key);
    }
}
