using Microsoft.Data.Sqlite;

namespace PortiaWatch.Pipeline.History;

/// <summary>Takes incidents of another history in. Throws <see cref="HistoryException"/> when the database cannot be written.</summary>
public sealed class HistoryIntake : IDisposable
{
    // SQLITE_ERROR (a value that is no JSON), SQLITE_CONSTRAINT, SQLITE_MISMATCH: something is wrong with the incident, not with the file.
    private static readonly int[] Refusals = [1, 19, 20];

    private readonly string _path;
    private readonly HistoryWriter _writer;

    public HistoryIntake(string path, IProcessTable processes)
    {
        _path = path;
        _writer = Guarded(() => new HistoryWriter(HistoryFile.OpenForWriting(path), processes.Self));
    }

    /// <summary>For each incident: true when it was added, false when it is here already, null when it is not one that can be kept. One transaction.</summary>
    /// <param name="incidents">Stories (<c>portia.incident/1</c>), each with its outcome where it has one.</param>
    public IReadOnlyList<bool?> Add(IReadOnlyList<(string Story, string? Ending)> incidents) => Guarded(() =>
    {
        var answers = new List<bool?>(incidents.Count);
        _writer.InTransaction(writer => answers.AddRange(incidents.Select(incident => TryAdd(writer, incident.Story, incident.Ending))));
        return answers;
    });

    public void Dispose() => _writer.Dispose();

    private static bool? TryAdd(HistoryWriter writer, string story, string? ending)
    {
        try
        {
            return writer.Add(story, ending);
        }
        catch (SqliteException error) when (Refusals.Contains(error.SqliteErrorCode))
        {
            return null;
        }
    }

    private T Guarded<T>(Func<T> write)
    {
        try
        {
            return write();
        }
        catch (Exception error) when (error is SqliteException or IOException or UnauthorizedAccessException or DllNotFoundException or TypeInitializationException)
        {
            throw new HistoryException($"The history in {_path} cannot be written: {Events.PlainText.Clean(error.Message, 200)}", error);
        }
    }
}
