using System.Collections.Concurrent;

namespace PortiaWatch.Pipeline.Sources;

/// <summary>
/// The system's notifications (inotify, FSEvents) about everything that patterns may match. Where a folder does not exist yet, its nearest existing parent is watched; beside
/// each folder its parent is watched too, because a watched folder that is deleted says nothing.
/// </summary>
internal sealed class FileWatch(IReadOnlyList<FilePattern> patterns, FileChanges changes, Func<string, bool> isWanted) : IDisposable
{
    private static readonly FileChange Anything = new(FileChangeKind.Unknown, "");

    private readonly Dictionary<string, FileSystemWatcher> _watchers = new(StringComparer.Ordinal);

    // Written by the watchers' threads: folders that came, went or were replaced, so that a watcher on them or below is blind now.
    private readonly ConcurrentQueue<string> _stale = new();

    /// <summary>One sentence about what cannot be watched; null when all can.</summary>
    public string? Problem { get; private set; }

    public void Dispose()
    {
        foreach (var watcher in _watchers.Values)
            watcher.Dispose();
        _watchers.Clear();
    }

    /// <summary>
    /// Watches what there is to watch now. Throws <see cref="IOException"/> when the system's limit of watches is reached: then reading again after a pause is all that is
    /// left.
    /// </summary>
    public void Arm(IEnumerable<string> linkTargets)
    {
        while (_stale.TryDequeue(out var stale))
        {
            foreach (var folder in _watchers.Keys.Where(folder => FilePattern.IsBelow(folder, stale)).ToArray())
            {
                _watchers[folder].Dispose();
                _watchers.Remove(folder);
            }
        }

        foreach (var pattern in patterns)
            Arm(pattern.Root, pattern.IsDeep);
        foreach (var target in linkTargets)
            Arm(Path.GetDirectoryName(target) ?? "/", isDeep: false);
    }

    private void Arm(string root, bool isDeep)
    {
        string nearest;
        do
        {
            nearest = NearestExisting(root);
            Watch(nearest, isDeep && nearest == root);
            if (nearest == root && Path.GetDirectoryName(root) is { } parent)
                Watch(parent, isDeep: false);
        }
        while (nearest != NearestExisting(root));
    }

    private void Watch(string folder, bool isDeep)
    {
        if (_watchers.TryGetValue(folder, out var present))
        {
            if (present.IncludeSubdirectories || !isDeep)
                return;
            present.Dispose();
        }

        try
        {
            _watchers[folder] = Start(folder, isDeep);
        }
        catch (UnauthorizedAccessException)
        {
            Problem = $"may not watch {folder}";
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException or ArgumentException)
        {
            // It went away just now; the next look at what exists finds its parent.
            _watchers.Remove(folder);
        }
    }

    private FileSystemWatcher Start(string folder, bool isDeep)
    {
        FileSystemWatcher? watcher = null;
        try
        {
            watcher = new FileSystemWatcher(folder)
            {
                IncludeSubdirectories = isDeep,
                NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.Size | NotifyFilters.LastWrite,
            };
            watcher.Changed += (_, change) => OnChanged(change.FullPath);
            watcher.Created += (_, change) => OnReplaced(change.FullPath, isGone: false);
            watcher.Deleted += (_, change) => OnReplaced(change.FullPath, isGone: true);
            watcher.Renamed += (_, change) => OnRenamed(change.OldFullPath, change.FullPath);
            watcher.Error += (_, error) => OnError(error.GetException());
            watcher.EnableRaisingEvents = true;
            (var started, watcher) = (watcher, null);
            return started;
        }
        finally
        {
            watcher?.Dispose();
        }
    }

    private void OnChanged(string path)
    {
        if (isWanted(path))
            changes.Add(new FileChange(FileChangeKind.Written, path));
    }

    private void OnReplaced(string path, bool isGone)
    {
        if (patterns.Any(pattern => FilePattern.IsBelow(pattern.Root, path)))
        {
            _stale.Enqueue(path);
            changes.Add(Anything);
        }
        else if (isWanted(path) || (patterns.Any(pattern => pattern.IsDeep && FilePattern.IsBelow(path, pattern.Root)) && (isGone || Directory.Exists(path))))
            changes.Add(new FileChange(FileChangeKind.Replaced, path));
    }

    private void OnRenamed(string from, string to)
    {
        if (isWanted(from) || isWanted(to))
            changes.Add(new FileChange(FileChangeKind.Moved, from, to));
        else
        {
            OnReplaced(from, isGone: true);
            OnReplaced(to, isGone: false);
        }
    }

    private void OnError(Exception exception)
    {
        if (exception is not InternalBufferOverflowException)
            Problem = exception.Message.TrimEnd('.');
        changes.Add(Anything);
    }

    private static string NearestExisting(string folder)
    {
        while (!Directory.Exists(folder) && Path.GetDirectoryName(folder) is { } parent)
            folder = parent;
        return folder;
    }
}
