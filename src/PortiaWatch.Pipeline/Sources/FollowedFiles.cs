using System.Collections.Concurrent;
using Microsoft.Win32.SafeHandles;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Sources;

/// <summary>
/// Which files are followed under which names, through renames, replacements and deletions. A file is known by its identity, never by its name alone; what a renamed file
/// still receives is read to the end before its successor. Used by one reader; only <see cref="IsWanted"/> is thread-safe.
/// </summary>
internal sealed class FollowedFiles(
    IReadOnlyList<FilePattern> patterns, Func<SafeFileHandle, (ulong Device, ulong Inode)?> identify, Func<string, SafeFileHandle?> open, TimeProvider time)
{
    private const int MaxFiles = 1024;
    private const int MaxLeft = 256;

    private readonly Dictionary<string, FollowedFile> _files = new(StringComparer.Ordinal);

    // Renamed to what no pattern matches (app.log.1): their writers may not have noticed yet. One for each stream.
    private readonly ConcurrentDictionary<string, FollowedFile> _rotatedAway = new(StringComparer.Ordinal);

    // Final target of a link to the link: the system reports writes under the target's name.
    private readonly ConcurrentDictionary<string, string> _links = new(StringComparer.Ordinal);

    // Files let go of: if one turns up under another name it is not new.
    private readonly Dictionary<(ulong, ulong), ReadingMark> _left = [];
    private readonly Queue<(ulong, ulong)> _leftInOrder = new();
    private string? _problem;

    public int Count => _files.Count;

    /// <summary>One sentence about files that match and are not followed; null when there are none.</summary>
    public string? Problem => _problem ?? _files.Values.Where(file => file.Failure is not null).Select(file => $"cannot read {file.Path}: {file.Failure}").FirstOrDefault();

    /// <summary>True while files that are found count as old: followed from their end.</summary>
    public bool SkipsContent { get; set; }

    /// <summary>What followed links lead to, with the link.</summary>
    public IReadOnlyDictionary<string, string> LinkTargets => _links;

    public bool IsFollowed(string path) => _files.ContainsKey(path);

    public bool IsWanted(string path) => patterns.Any(pattern => pattern.Matches(path)) || _rotatedAway.ContainsKey(path) || _links.ContainsKey(path);

    public IEnumerable<LogRecord> Apply(FileChange change, SourceReport report) => change.Kind switch
    {
        FileChangeKind.Written => Written(change.Path, report),
        FileChangeKind.Replaced => Replaced(change.Path, report),
        FileChangeKind.Moved => Moved(change.Path, change.NewPath, report),
        _ => Everything(report),
    };

    private IEnumerable<LogRecord> Written(string path, SourceReport report)
    {
        if (_rotatedAway.TryGetValue(path, out var rotated))
        {
            _files.GetValueOrDefault(rotated.Stream)?.MarkGap();
            rotated.MarkGap();
            return rotated.ReadNew(report);
        }

        return _files.TryGetValue(path, out var file) ? file.ReadNew(report) : Look(_links.GetValueOrDefault(path, path), report);
    }

    private IEnumerable<LogRecord> Replaced(string path, SourceReport report)
    {
        IEnumerable<string> concerned = Directory.Exists(path)
            ? Found(path)
            : [.. _files.Keys.Where(followed => FilePattern.IsBelow(followed, path)), _links.GetValueOrDefault(path, path)];
        foreach (var record in concerned.Distinct().SelectMany(each => Look(each, report)))
            yield return record;
        if (_rotatedAway.TryGetValue(path, out var rotated) && !IsAt(path, rotated.Identity))
        {
            foreach (var record in Finish(rotated, report))
                yield return record;
        }
    }

    private IEnumerable<LogRecord> Moved(string from, string to, SourceReport report)
    {
        var handle = patterns.Any(pattern => pattern.Matches(from)) || _rotatedAway.ContainsKey(from) ? TryOpen(to) : null;
        if (handle is not null)
        {
            var identity = identify(handle);
            var file = identity is null ? _files.GetValueOrDefault(from) ?? _rotatedAway.GetValueOrDefault(from) : Find(identity);
            if (file is null)
                file = Adopt(from, handle, identity, mark: null);
            else
                handle.Dispose();
            foreach (var record in file.ReadNew(report).Concat(Rename(file, to, report)))
                yield return record;
        }

        foreach (var record in Replaced(from, report).Concat(Replaced(to, report)))
            yield return record;
    }

    private IEnumerable<LogRecord> Rename(FollowedFile file, string to, SourceReport report)
    {
        Forget(file);
        foreach (var record in Occupants(file, to).SelectMany(each => Finish(each, report)))
            yield return record;
        file.Path = to;
        if (patterns.Any(pattern => pattern.Matches(to)))
        {
            _files[to] = file;
            yield break;
        }

        foreach (var record in file.ReadRest())
            yield return record;
        _rotatedAway[to] = file;
    }

    private List<FollowedFile> Occupants(FollowedFile newcomer, string path) =>
        [.. _files.Values.Where(each => each.Path == path), .. _rotatedAway.Values.Where(each => each.Path == path || each.Stream == newcomer.Stream)];

    private IEnumerable<LogRecord> Everything(SourceReport report)
    {
        _problem = null;
        string[] found = [.. patterns.Where(pattern => Directory.Exists(pattern.Root)).SelectMany(pattern => pattern.FilesIn(pattern.Root))];
        return found.Concat(_files.Keys).Distinct().ToArray().SelectMany(path => Look(path, report));
    }

    private IEnumerable<string> Found(string folder) =>
        patterns.Where(pattern => FilePattern.IsBelow(folder, pattern.Root)).SelectMany(pattern => pattern.FilesIn(folder));

    private IEnumerable<LogRecord> Look(string path, SourceReport report)
    {
        if (!patterns.Any(pattern => pattern.Matches(path)))
            return [];
        var current = _files.GetValueOrDefault(path);
        var handle = TryOpen(path);
        if (handle is null)
            return current is null ? [] : current.IsEmpty && File.Exists(path) ? current.ReadNew(report) : Finish(current, report);

        var identity = identify(handle);
        if (Find(identity) is { } known)
        {
            handle.Dispose();
            if (known == current)
                return known.ReadNew(report);
            // A second name of a file that is followed under its first one.
            return IsAt(known.Path, known.Identity) ? [] : known.ReadNew(report).Concat(Rename(known, path, report));
        }

        if (_files.Count >= MaxFiles && current is null)
        {
            _problem = $"follows the first {MaxFiles} files only";
            handle.Dispose();
            return [];
        }

        return Succeed(current, path, handle, identity, report);
    }

    private IEnumerable<LogRecord> Succeed(FollowedFile? before, string path, SafeFileHandle handle, (ulong, ulong)? identity, SourceReport report)
    {
        foreach (var record in before is null ? [] : Finish(before, report))
            yield return record;

        // Where the system tells no identity, a file that still has what was read under its name counts as the same one.
        var file = Adopt(path, handle, identity, identity is null ? before?.Mark : null);
        _files[path] = file;
        foreach (var record in file.ReadNew(report))
            yield return record;
    }

    private FollowedFile Adopt(string path, SafeFileHandle handle, (ulong, ulong)? identity, ReadingMark? mark)
    {
        var file = new FollowedFile(path, handle, identity, time);
        if (mark is not null || (identity is { } known && _left.Remove(known, out mark)))
            file.ContinueAt(mark);
        else if (SkipsContent)
            file.SkipToEnd();
        else
            file.MarkGap();
        if (TargetOf(path) is { } target)
            _links[target] = path;
        return file;
    }

    private IEnumerable<LogRecord> Finish(FollowedFile file, SourceReport report)
    {
        foreach (var record in file.ReadNew(report).Concat(file.ReadRest()))
            yield return record;
        Forget(file);
        if (file.Identity is { } identity)
        {
            _left[identity] = file.Mark;
            _leftInOrder.Enqueue(identity);
            if (_leftInOrder.Count > MaxLeft)
                _left.Remove(_leftInOrder.Dequeue());
        }

        file.Dispose();
    }

    private void Forget(FollowedFile file)
    {
        if (_files.GetValueOrDefault(file.Path) == file)
            _files.Remove(file.Path);
        _rotatedAway.TryRemove(new(file.Path, file));
    }

    private FollowedFile? Find((ulong, ulong)? identity) =>
        identity is null ? null : _files.Values.Concat(_rotatedAway.Values).FirstOrDefault(file => file.Identity == identity);

    private bool IsAt(string path, (ulong, ulong)? identity)
    {
        using var handle = TryOpen(path);
        return handle is not null && identify(handle) == identity;
    }

    private SafeFileHandle? TryOpen(string path)
    {
        try
        {
            return open(path);
        }
        catch (UnauthorizedAccessException)
        {
            _problem = $"may not read {path}";
            return null;
        }
        catch (IOException)
        {
            // Gone between the news and the look, or a link that leads nowhere: as if it were not there.
            return null;
        }
    }

    private static string? TargetOf(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
