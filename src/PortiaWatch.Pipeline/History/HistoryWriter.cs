using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.History;

/// <summary>The sentences that write, on one open connection. Everything is taken out of the incident's own JSON, so that an import and a live incident are the same thing.</summary>
internal sealed class HistoryWriter : IDisposable
{
    // At the end of its input a flow closes collisions that are still on their way to a verdict.
    private readonly Recent<Collision> _early = new(1024);

    private readonly SqliteConnection _connection;
    private readonly ProcessIdentity _self;
    private readonly SqliteCommand _begin;
    private readonly SqliteCommand _add;
    private readonly SqliteCommand _holders;
    private readonly SqliteCommand _complete;
    private readonly SqliteCommand _recount;
    private readonly SqliteCommand _leave;

    /// <param name="connection">Open for writing; closed with this.</param>
    /// <param name="self">Whose entries these are: one that is begun and not completed is unfinished once that process is gone.</param>
    public HistoryWriter(SqliteConnection connection, ProcessIdentity self)
    {
        _connection = connection;
        _self = self;
        _begin = Command(HistorySql.Begin, "$story", "$ending", "$acting", "$pid", "$generation");
        _add = Command(HistorySql.Add, "$story", "$ending", "$acting", "$pid", "$generation");
        _holders = Command(HistorySql.Holders, "$number", "$story");
        _complete = Command(HistorySql.Complete, "$id", "$action", "$ending", "$ended");
        _recount = Command(HistorySql.Recount, "$id", "$last", "$lastText", "$count", "$sources", "$kind");
        _leave = Command(HistorySql.Leave, "$id", "$ending", "$ended");
    }

    /// <summary>All of it or nothing.</summary>
    public void InTransaction(Action<HistoryWriter> writes)
    {
        using SqliteTransaction transaction = _connection.BeginTransaction(deferred: false);
        foreach (SqliteCommand command in (SqliteCommand[])[_begin, _add, _holders, _complete, _recount, _leave])
            command.Transaction = transaction;
        writes(this);
        transaction.Commit();
    }

    public void Begin(Verdict verdict)
    {
        Insert(_begin, Text(IncidentJson.ToUtf8(verdict, outcome: null)), ending: null, acting: 1);
        if (_early.TryGet(verdict.Incident.Id, out Collision? closed))
            TryRecount(closed);
    }

    public void Complete(Outcome outcome)
    {
        string ending = Text(IncidentJson.ToUtf8(outcome));
        Fill(_complete, outcome.Verdict.Incident.Id, IncidentJson.Camel(outcome.Verdict.Action), ending, outcome.At.ToUnixTimeMilliseconds());

        // What could not be written before the action is at least told after it.
        if (_complete.ExecuteNonQuery() == 0)
            Insert(_add, Text(IncidentJson.ToUtf8(outcome.Verdict, outcome: null)), ending, acting: 0);
    }

    /// <summary>False when there is no such incident, or something was or is being done about it.</summary>
    public bool Leave(string id, string sentence, DateTimeOffset at)
    {
        Fill(_leave, id, Ending.ToJson(OutcomeKind.Left, sentence, at), at.ToUnixTimeMilliseconds());
        return _leave.ExecuteNonQuery() > 0;
    }

    /// <summary>How often it was seen in the end, by whom, and what became of the refused program. May come before the incident is begun.</summary>
    public void Recount(Collision closed)
    {
        if (!TryRecount(closed))
            _early.Set(closed.Id, closed);
    }

    /// <summary>An incident of another history. False when it is here already.</summary>
    /// <param name="story">A valid <c>portia.incident/1</c>.</param>
    /// <param name="ending">Its outcome; null when it has none.</param>
    public bool Add(string story, string? ending)
    {
        // What is wrong with a holder must not leave an incident without one.
        HistoryFile.Execute(_connection, "SAVEPOINT one");
        try
        {
            return Insert(_add, story, ending, acting: 0);
        }
        catch (SqliteException)
        {
            HistoryFile.Execute(_connection, "ROLLBACK TO one");
            throw;
        }
        finally
        {
            HistoryFile.Execute(_connection, "RELEASE one");
        }
    }

    /// <summary>Entries that a process began and did not live to complete.</summary>
    /// <param name="isAlive">Tells of a writer whether it still runs.</param>
    /// <param name="now">When that was found out.</param>
    public int MarkUnfinished(Func<ProcessIdentity, bool> isAlive, DateTimeOffset now)
    {
        int marked = 0;
        foreach (ProcessIdentity writer in Unfinished.Writers(_connection).Where(writer => !isAlive(writer)))
        {
            using SqliteCommand command = _connection.CreateCommand();
            command.CommandText = "UPDATE incident SET acting = 0, outcome = 'unfinished', ending = $ending WHERE acting > 0 AND writer_pid = $pid AND writer_generation = $generation";
            command.Parameters.AddWithValue("$ending", Unfinished.ToJson(now));
            command.Parameters.AddWithValue("$pid", writer.Pid);
            command.Parameters.AddWithValue("$generation", unchecked((long)writer.Generation));
            marked += command.ExecuteNonQuery();
        }

        return marked;
    }

    /// <summary>Forgets what was last seen before <paramref name="oldest"/>.</summary>
    public int Trim(DateTimeOffset oldest)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = "DELETE FROM incident WHERE last < $oldest AND acting = 0";
        command.Parameters.AddWithValue("$oldest", oldest.ToUnixTimeMilliseconds());
        return command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        foreach (SqliteCommand command in (SqliteCommand[])[_begin, _add, _holders, _complete, _recount, _leave])
            command.Dispose();
        _connection.Dispose();
    }

    private bool Insert(SqliteCommand command, string story, string? ending, int acting)
    {
        Fill(command, story, (object?)ending ?? DBNull.Value, acting, _self.Pid, unchecked((long)_self.Generation));
        if (command.ExecuteScalar() is not long number)
            return false;
        Fill(_holders, number, story);
        _holders.ExecuteNonQuery();
        return true;
    }

    private bool TryRecount(Collision closed)
    {
        Fill(_recount, closed.Id, closed.Last.ToUnixTimeMilliseconds(), closed.Last.ToString("O", CultureInfo.InvariantCulture), closed.Count, Text(IncidentJson.SourcesToUtf8(closed)), IncidentJson.Camel(closed.Evidence.Kind));
        return _recount.ExecuteNonQuery() > 0;
    }

    private SqliteCommand Command(string sql, params string[] parameters)
    {
        SqliteCommand command = _connection.CreateCommand();
#pragma warning disable CA2100 // The constants of HistorySql.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (string parameter in parameters)
            command.Parameters.Add(new SqliteParameter { ParameterName = parameter });
        return command;
    }

    private static void Fill(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (int i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i];
    }

    private static string Text(byte[] utf8) => Encoding.UTF8.GetString(utf8);
}
