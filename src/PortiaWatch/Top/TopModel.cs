namespace PortiaWatch.Top;

/// <summary>What the view shows and where its user is in it. Draws nothing and reads nothing; not thread-safe.</summary>
internal sealed class TopModel
{
    private const int MostIncidents = 1000;

    private readonly ListCursor _portCursor = new();
    private readonly ListCursor _incidentCursor = new();
    private readonly HashSet<string> _muted = new(StringComparer.Ordinal);
    private IReadOnlyList<PortRow> _allPorts = [];
    private List<IncidentRow> _allIncidents = [];

    /// <summary>Filtered and sorted.</summary>
    public IReadOnlyList<PortRow> Ports { get; private set; } = [];

    /// <summary>Filtered, newest first.</summary>
    public IReadOnlyList<IncidentRow> Incidents { get; private set; } = [];

    public TopPane Pane { get; private set; }

    public PortOrder Order { get; private set; }

    /// <summary>Words that a row must have.</summary>
    public string Filter { get; private set; } = "";

    /// <summary>The filter is being typed.</summary>
    public bool IsTyping { get; set; }

    public int Muted => _muted.Count;

    public Overlay? Overlay { get; set; }

    /// <summary>One sentence at the bottom, until the next key.</summary>
    public Notice? Notice { get; set; }

    public WatcherHealth Watcher { get; set; } = WatcherHealth.None;

    public ListCursor PortCursor => _portCursor;

    public ListCursor IncidentCursor => _incidentCursor;

    public PortRow? SelectedPort => _portCursor.Index >= 0 ? Ports[_portCursor.Index] : null;

    public IncidentRow? SelectedIncident => _incidentCursor.Index >= 0 ? Incidents[_incidentCursor.Index] : null;

    public void SetPorts(IReadOnlyList<PortRow> ports)
    {
        _allPorts = ports;
        Arrange();
    }

    /// <summary>Incidents of the same id are replaced.</summary>
    public void AddIncidents(IEnumerable<IncidentRow> incidents)
    {
        var known = _allIncidents.ToDictionary(row => row.Id, StringComparer.Ordinal);
        foreach (IncidentRow row in incidents)
            known[row.Id] = row;
        _allIncidents = [.. known.Values.OrderByDescending(row => row.At).Take(MostIncidents)];
        Arrange();
    }

    public void SetFilter(string filter)
    {
        Filter = filter;
        Arrange();
    }

    public void SortNext()
    {
        Order = Order == PortOrder.Folder ? PortOrder.Port : Order + 1;
        Arrange();
    }

    public void SwitchPane() => Pane = Pane == TopPane.Ports ? TopPane.Incidents : TopPane.Ports;

    /// <summary>Moves in the list of the pane; <see cref="int.MinValue"/> and <see cref="int.MaxValue"/> go to its ends.</summary>
    public void Move(int by)
    {
        if (Pane == TopPane.Ports)
            _portCursor.Select(Ports, row => row.Key, Target(_portCursor.Index, by));
        else
            _incidentCursor.Select(Incidents, row => row.Id, Target(_incidentCursor.Index, by));
    }

    /// <summary>Hides the selected port in this view; null when nothing is selected.</summary>
    public string? Mute()
    {
        string? key = Pane == TopPane.Ports ? SelectedPort?.MuteKey : SelectedIncident?.MuteKey;
        if (key is not null)
        {
            _muted.Add(key);
            Arrange();
        }

        return key;
    }

    public void UnmuteAll()
    {
        _muted.Clear();
        Arrange();
    }

    private static int Target(int index, int by) => (int)Math.Clamp((long)index + by, 0, int.MaxValue);

    private void Arrange()
    {
        string[] words = Filter.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Ports = Sort(_allPorts.Where(row => !_muted.Contains(row.MuteKey) && row.Matches(words)));
        Incidents = [.. _allIncidents.Where(row => !_muted.Contains(row.MuteKey) && row.Matches(words))];
        _portCursor.Follow(Ports, row => row.Key);
        _incidentCursor.Follow(Incidents, row => row.Id, staysFirst: true);
    }

    private IReadOnlyList<PortRow> Sort(IEnumerable<PortRow> rows)
    {
        IOrderedEnumerable<PortRow> sorted = Order switch
        {
            PortOrder.Program => rows.OrderBy(row => row.Program, StringComparer.OrdinalIgnoreCase),
            PortOrder.Age => rows.OrderByDescending(row => row.StartedAt ?? DateTimeOffset.MinValue),
            PortOrder.Folder => rows.OrderBy(row => row.Folder.Length == 0).ThenBy(row => row.Folder, StringComparer.OrdinalIgnoreCase),
            _ => rows.OrderBy(row => row.Endpoint.Port),
        };
        return [.. sorted.ThenBy(row => row.Endpoint.Port).ThenBy(row => row.Where, StringComparer.Ordinal)];
    }
}
