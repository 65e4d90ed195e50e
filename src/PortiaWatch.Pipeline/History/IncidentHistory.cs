using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;
using PortiaWatch.Pipeline.Events;
using Serilog;

namespace PortiaWatch.Pipeline.History;

/// <summary>
/// Remembers every incident: written with its verdict before anything is done, completed after it, so that a crash in between shows. The database is opened with the first
/// incident. Nothing that is wrong with it holds up or ends the flow: it is said once, what could not be written is counted, and after a while it is tried again. Thread-safe,
/// and several processes may write to the same file.
/// </summary>
/// <param name="path">The database; it and its folder are made when they are missing.</param>
/// <param name="keep">How long incidents are kept; asked anew each time.</param>
/// <param name="processes">To tell entries of a writer that is gone.</param>
/// <param name="time">For the retention, which is applied on opening and once a day after that.</param>
/// <param name="log">For what is wrong with the file.</param>
public sealed class IncidentHistory(string path, Func<TimeSpan> keep, IProcessTable processes, TimeProvider time, ILogger log) : IDisposable
{
    // A disk that is full or a file that somebody has locked is not asked again for each incident of a storm.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BetweenTrims = TimeSpan.FromDays(1);

    private readonly Lock _lock = new();
    private readonly HashSet<string> _said = [];
    private HistoryWriter? _writer;
    private readonly long _start = time.GetTimestamp();
    private TimeSpan _pausedUntil = TimeSpan.MinValue;
    private DateTimeOffset _trimDue;
    private bool _isDisposed;
    private HistoryReport _report = new(0, 0, null);

    public HistoryReport Report => Volatile.Read(ref _report);

    /// <summary>To be called before the verdicts are carried out; returns when they are written, all in one transaction.</summary>
    public void Begin(IReadOnlyList<Verdict> verdicts) => Write(verdicts, (writer, verdict) => writer.Begin(verdict));

    /// <summary>What came of them.</summary>
    public void Complete(IReadOnlyList<Outcome> outcomes) => Write(outcomes, (writer, outcome) => writer.Complete(outcome));

    /// <summary>Collisions whose window is over, with the final count.</summary>
    public void Recount(IReadOnlyList<Collision> closed) => Write(closed, (writer, collision) => writer.Recount(collision));

    /// <summary>The user chose to leave the holder alone after the incident was over. False when it could not be written, or more was done about it than to tell.</summary>
    public bool Leave(string id, string sentence)
    {
        bool isWritten = false;
        Write([id], (writer, incident) => isWritten = writer.Leave(incident, sentence, time.GetUtcNow()));
        return isWritten;
    }

    /// <summary>Counts a <see cref="Recount"/> that cannot be made.</summary>
    public void Miss(Collision closed)
    {
        lock (_lock)
            Count(0, 1, _report.Problem);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            Close();
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "The edge of a stage: whatever is wrong with the history must not stop the watcher.")]
    private void Write<T>(IReadOnlyList<T> items, Action<HistoryWriter, T> write)
    {
        lock (_lock)
        {
            if (_isDisposed || items.Count == 0)
                return;
            DateTimeOffset now = time.GetUtcNow();
            if (time.GetElapsedTime(_start) < _pausedUntil)
            {
                Count(0, items.Count, _report.Problem);
                return;
            }

            try
            {
                WriteOrRepair(items, write, now);
                _said.Clear();
                Count(items.Count, 0, problem: null);
            }
            catch (Exception error)
            {
                string problem = Explain(error);
                _pausedUntil = time.GetElapsedTime(_start) + Pause;
                if (error is not SqliteException { SqliteErrorCode: HistoryFile.Busy or HistoryFile.Locked })
                    Close();
                Count(0, items.Count, problem);
                if (_said.Add(problem))
                    log.Warning("{Problem} The watcher goes on without it", problem);
            }
        }
    }

    private void WriteOrRepair<T>(IReadOnlyList<T> items, Action<HistoryWriter, T> write, DateTimeOffset now)
    {
        try
        {
            WriteAll(items, write, now);
        }
        catch (SqliteException error) when (HistoryFile.IsDamage(error))
        {
            Close();
            if (HistoryFile.MoveAside(path, now) is { } aside)
                log.Warning("the history in {Path} is damaged; it was moved to {Aside} and a new one is begun", path, aside);
            WriteAll(items, write, now);
        }
    }

    private void WriteAll<T>(IReadOnlyList<T> items, Action<HistoryWriter, T> write, DateTimeOffset now)
    {
        // Deleted by its user: what would be written to it now is lost.
        if (_writer is not null && !File.Exists(path))
            Close();
        _writer ??= Open(now);
        if (now >= _trimDue)
            Trim(_writer, now);
        _writer.InTransaction(writer =>
        {
            foreach (T item in items)
                write(writer, item);
        });
    }

    private HistoryWriter Open(DateTimeOffset now)
    {
        var writer = new HistoryWriter(HistoryFile.OpenForWriting(path), processes.Self);
        try
        {
            int unfinished = writer.MarkUnfinished(other => Unfinished.IsAlive(processes, other), now);
            if (unfinished > 0)
                log.Warning("{Count} incidents of an earlier run were not finished: it stopped while acting. See portia history --outcome unfinished", unfinished);
            _trimDue = now;
            return writer;
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    private void Trim(HistoryWriter writer, DateTimeOffset now)
    {
        writer.Trim(now - keep());
        _trimDue = now + BetweenTrims;
    }

    private void Close()
    {
        _writer?.Dispose();
        _writer = null;
    }

    private void Count(int written, int notWritten, string? problem) =>
        Volatile.Write(ref _report, new HistoryReport(_report.Written + written, _report.NotWritten + notWritten, problem));

    private string Explain(Exception error) => error switch
    {
        HistoryException => error.Message,
        SqliteException { SqliteErrorCode: HistoryFile.Busy or HistoryFile.Locked } => $"The history in {path} is locked by another program.",
        SqliteException sqlite => $"The history in {path} cannot be written: {PlainText.Clean(sqlite.Message, 200)}",
        DllNotFoundException or TypeInitializationException => "There is no history: SQLite's library (libe_sqlite3) is not beside the program.",
        _ => $"The history in {path} cannot be written: {PlainText.Clean(error.Message, 200)}",
    };
}
