namespace PortiaWatch.Pipeline.Configuration;

/// <summary>
/// Says when a file may have changed: written, replaced by a rename, deleted, created, its rights changed, or the file that it links to. Works for a file, and a folder,
/// that does not exist yet. Waits on the kernel's notification, never polls. Calls may come from any thread and more often than needed.
/// </summary>
internal sealed class FileChanges(string path, Action changed, Action<string> failed) : IDisposable
{
    private const NotifyFilters OfFiles = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Attributes;

    private const NotifyFilters OfFolders = NotifyFilters.DirectoryName;

    private readonly Lock _lock = new();
    private readonly List<FileSystemWatcher> _watchers = [];
    private IReadOnlyList<Place> _places = [];
    private bool _isDisposed;

    public void Start() => Anchor();

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            Drop();
        }
    }

    /// <summary>Moves the watch to where the file is, or would be, now.</summary>
    private void Anchor(bool anew = false)
    {
        var refusals = new List<string>();
        lock (_lock)
        {
            // What appears while the watch is being set up would go unseen, so look again until nothing moved.
            for (int attempt = 0; attempt < 8 && !_isDisposed; attempt++)
            {
                IReadOnlyList<Place> places = [.. Places(Path.GetFullPath(path)).Distinct()];
                if (!anew && places.SequenceEqual(_places))
                    break;
                anew = false;
                Drop();
                _places = places;
                foreach (Place place in places)
                {
                    if (Watch(place) is { } refusal)
                        refusals.Add(refusal);
                }
            }
        }

        // Outside the lock: who hears of it may want to dispose us.
        foreach (string refusal in refusals.Distinct())
            failed(refusal);
    }

    private static IEnumerable<Place> Places(string file)
    {
        foreach (Place place in Nearest(file))
            yield return place;
        if (Resolve(file) is { } target)
        {
            foreach (Place place in Nearest(target))
                yield return place;
        }
    }

    /// <summary>The nearest folder that exists, with the name to look for in it, and the folder above: a watched folder that is deleted says nothing itself.</summary>
    private static IEnumerable<Place> Nearest(string file)
    {
        string name = Path.GetFileName(file);
        string? folder = Path.GetDirectoryName(file);
        while (folder is not null && !Directory.Exists(folder))
        {
            name = Path.GetFileName(folder);
            folder = Path.GetDirectoryName(folder);
        }

        if (folder is null)
            yield break;
        yield return new Place(folder, name, OfFiles);
        if (Path.GetDirectoryName(folder) is { } above)
            yield return new Place(above, Path.GetFileName(folder), OfFolders);
    }

    private static string? Resolve(string file)
    {
        try
        {
            return File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // No such file, links in a circle, or a folder that is closed to us: there is nothing behind it to watch.
            return null;
        }
    }

    /// <summary>Null, or why the system does not let us.</summary>
    private string? Watch(Place place)
    {
        FileSystemWatcher? watcher = null;
        try
        {
            watcher = new FileSystemWatcher(place.Folder) { NotifyFilter = place.Filters };
            watcher.Changed += (_, e) => Notice(place, e.Name, null);
            watcher.Created += (_, e) => Notice(place, e.Name, null);
            watcher.Deleted += (_, e) => Notice(place, e.Name, null);
            watcher.Renamed += (_, e) => Notice(place, e.Name, e.OldName);
            watcher.Error += (_, _) => Recover();
            watcher.EnableRaisingEvents = true;
            _watchers.Add(watcher);
            return null;
        }
        catch (Exception e) when (e is IOException or ArgumentException or UnauthorizedAccessException)
        {
            watcher?.Dispose();
            return e.Message;
        }
    }

    private void Notice(Place place, string? name, string? oldName)
    {
        if (name != place.Name && oldName != place.Name)
            return;

        // A folder that went and came back has the same path and is another folder: the old watch would stay with the old one.
        Anchor(anew: place.Filters == OfFolders);
        changed();
    }

    /// <summary>Events were lost, or the watch broke: start it anew and look at the file.</summary>
    private void Recover()
    {
        Anchor(anew: true);
        changed();
    }

    private void Drop()
    {
        foreach (FileSystemWatcher watcher in _watchers)
            watcher.Dispose();
        _watchers.Clear();
    }

    private sealed record Place(string Folder, string Name, NotifyFilters Filters);
}
