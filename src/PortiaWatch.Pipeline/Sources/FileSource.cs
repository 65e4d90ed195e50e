using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Sources;

/// <summary>
/// Text files, as <c>tail -F</c> follows them: those that exist at the start from their end, those that appear later from their beginning, through renaming, truncation,
/// deletion and re-creation. Woken by the system, never by a timer. Anybody can write a file, so it vouches for nobody.
/// </summary>
public sealed class FileSource : ILogSource
{
    private readonly IReadOnlyList<FilePattern> _patterns;
    private readonly FollowedFiles _files;
    private bool _hasStarted;

    /// <param name="patterns">Paths and globs, see <see cref="FilePattern"/>.</param>
    /// <param name="home">What <c>~</c> stands for.</param>
    /// <param name="identify">As <see cref="Platform.FileIdentity"/>.</param>
    /// <param name="time">Null for the system's.</param>
    /// <param name="open">As <see cref="Platform.OpenRegularFile"/>; null for the portable way.</param>
    public FileSource(
        IReadOnlyList<string> patterns,
        string home,
        Func<SafeFileHandle, (ulong Device, ulong Inode)?> identify,
        TimeProvider? time = null,
        Func<string, SafeFileHandle?>? open = null)
    {
        _patterns = [.. patterns.Select(pattern => FilePattern.Parse(pattern, home))];
        _files = new FollowedFiles(_patterns, identify, open ?? OpenWithContent, time ?? TimeProvider.System);
    }

    /// <summary>Also read what files contain when the source starts.</summary>
    public bool FromBeginning { get; init; }

    public string Name => "file";

    public bool CanWait => true;

    public bool EndsForGood => false;

    public async IAsyncEnumerable<LogRecord> ReadAsync(SourceReport report, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var changes = new FileChanges();
        using var watch = new FileWatch(_patterns, changes, _files.IsWanted);

        // Watching begins before the first look, so nothing can happen in between unseen.
        changes.Add(new FileChange(FileChangeKind.Unknown, ""));
        var linksWatched = 0;
        while (true)
        {
            foreach (var change in changes.Take())
            {
                if (change.Kind == FileChangeKind.Unknown)
                    watch.Arm(_files.LinkTargets.Keys);
                _files.SkipsContent = !_hasStarted && !FromBeginning;
                foreach (var record in _files.Apply(change, report))
                    yield return record;
                _hasStarted = true;
            }

            if (linksWatched != _files.LinkTargets.Count)
            {
                watch.Arm(_files.LinkTargets.Keys);
                linksWatched = _files.LinkTargets.Count;
            }

            Tell(report, watch.Problem ?? _files.Problem);
            await changes.WaitAsync(cancellation);
        }
    }

    private void Tell(SourceReport report, string? problem)
    {
        var missing = _patterns.Where(pattern => pattern.IsLiteral && !_files.IsFollowed(pattern.FullPath) && !File.Exists(pattern.FullPath)).ToArray();
        var waits = missing switch
        {
            [] when _files.Count == 0 && _patterns.FirstOrDefault(pattern => !pattern.IsLiteral) is { } glob => $"waits for a file that matches {glob.Text}",
            [] => null,
            [var one] => $"waits for {one.FullPath}, which does not exist yet",
            [var first, ..] => $"waits for {first.FullPath}, which does not exist yet, and {missing.Length - 1} more",
        };
        if (problem is not null)
            report.Set(SourceState.Limited, problem);
        else
            report.Set(waits is null || _files.Count > 0 ? SourceState.Running : SourceState.Waiting, waits);
    }

    // Without the platform's help a pipe cannot be told from a file before it is opened, and opening one waits for its writer. Pipes and devices have no length, and a file
    // without content need not be opened yet.
    private static SafeFileHandle? OpenWithContent(string path)
    {
        var file = File.ResolveLinkTarget(path, returnFinalTarget: true) as FileInfo ?? new FileInfo(path);
        return file is { Exists: true, Length: > 0 }
            ? File.OpenHandle(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete)
            : null;
    }
}
