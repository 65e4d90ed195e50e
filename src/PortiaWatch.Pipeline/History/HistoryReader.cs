using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.History;

/// <summary>Reads the history beside a watcher that writes it. Changes nothing. Every member throws <see cref="HistoryException"/> when it cannot be read. Not thread-safe.</summary>
public sealed class HistoryReader : IDisposable
{
    // What a dead writer left open is unfinished, whether or not a watcher has been started since and has written that down.
    private const string Entries = """
        WITH entry AS (
          SELECT *, CASE WHEN acting = 0 THEN outcome WHEN writer_pid || '/' || writer_generation IN (SELECT value FROM json_each($dead)) THEN 'unfinished' END AS became
          FROM incident)
        SELECT number, id, first, last, count, transport, address, port, path, contender, action, rule, reason, confirmed, kind = 'collision' AS blocking, became, freed,
          (SELECT json_group_array(json_array(pid, name, json(command), folder, user, project, container, json(stop))) FROM holder WHERE incident = number) AS holders,
          CASE WHEN $stories THEN json_set(story, '$.outcome', json(CASE WHEN acting = 0 THEN ending WHEN became = 'unfinished' THEN $unfinished END)) ELSE '' END AS story
        FROM entry

        """;

    private const string Filter = """
        WHERE ($port IS NULL OR port = $port)
          AND ($program IS NULL OR lower(contender) GLOB $program OR EXISTS (SELECT 1 FROM holder WHERE incident = number AND lower(name) GLOB $program))
          AND ($since IS NULL OR first >= $since) AND ($until IS NULL OR first < $until)
          AND ($outcomes IS NULL OR COALESCE(became, 'acting') IN (SELECT value FROM json_each($outcomes)))
          AND ($before IS NULL OR (first, number) < (SELECT first, number FROM incident WHERE number = $before))

        """;

    private readonly SqliteConnection _connection;
    private readonly string _dead;

    private HistoryReader(SqliteConnection connection, string dead)
    {
        _connection = connection;
        _dead = dead;
    }

    /// <summary>Null when there is no history yet.</summary>
    /// <param name="path">The database.</param>
    /// <param name="processes">To tell what a watcher is still doing from what one did not live to finish.</param>
    public static HistoryReader? Open(string path, IProcessTable processes) => !File.Exists(path) ? null : Guarded(path, () =>
    {
        SqliteConnection connection = HistoryFile.OpenForReading(path);
        IEnumerable<ProcessIdentity> dead = Unfinished.Writers(connection).Where(writer => !Unfinished.IsAlive(processes, writer));
        return new HistoryReader(connection, JsonOf(dead.Select(writer => $"{writer.Pid}/{unchecked((long)writer.Generation)}")));
    });

    /// <summary>Oldest first, read as they are asked for; where there are more than <see cref="HistoryQuery.Limit"/> the newest.</summary>
    public IEnumerable<HistoryEntry> Find(HistoryQuery query)
    {
        string order = query.Limit is null ? "ORDER BY first, number" : "ORDER BY first DESC, number DESC LIMIT $limit";
        using SqliteCommand command = Command(query.Limit is null ? Entries + Filter + order : $"SELECT * FROM ({Entries}{Filter}{order}) ORDER BY first, number", query.WithStories);
        Set(command, "$port", query.Port);
        Set(command, "$program", query.Program?.ToLowerInvariant().Replace("[", "[[]", StringComparison.Ordinal));
        Set(command, "$since", query.Since?.ToUnixTimeMilliseconds());
        Set(command, "$until", query.Until?.ToUnixTimeMilliseconds());
        Set(command, "$outcomes", query.Outcomes is { Count: > 0 } outcomes ? JsonOf(outcomes) : null);
        Set(command, "$before", query.Before);
        if (query.Limit is { } limit)
            Set(command, "$limit", limit);
        using SqliteDataReader rows = Guarded(_connection.DataSource, command.ExecuteReader);
        while (Guarded(_connection.DataSource, rows.Read))
            yield return ToEntry(rows);
    }

    /// <summary>By its number, or by the beginning of its id as far as that is unambiguous; null when there is none.</summary>
    public HistoryEntry? Find(string name)
    {
        using SqliteCommand command = Command(Entries + "WHERE CAST(number AS TEXT) = $name OR (length($name) >= 4 AND substr(id, 1, length($name)) = $name) LIMIT 3", withStories: true);
        Set(command, "$name", name);
        using SqliteDataReader rows = Guarded(_connection.DataSource, command.ExecuteReader);
        var found = new List<HistoryEntry>();
        while (Guarded(_connection.DataSource, rows.Read))
            found.Add(ToEntry(rows));
        return found.Find(entry => entry.Number.ToString(CultureInfo.InvariantCulture) == name) ?? (found.Count == 1 ? found[0] : null);
    }

    public void Dispose() => _connection.Dispose();

    private SqliteCommand Command(string sql, bool withStories)
    {
        SqliteCommand command = _connection.CreateCommand();
#pragma warning disable CA2100 // The constants above; what users say are parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        Set(command, "$dead", _dead);
        Set(command, "$stories", withStories);
        Set(command, "$unfinished", Unfinished.ToJson(at: null));
        return command;
    }

    private static HistoryEntry ToEntry(SqliteDataReader row) => new()
    {
        Number = row.GetInt64(0),
        Id = row.GetString(1),
        First = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)),
        Last = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3)),
        Count = row.GetInt32(4),
        Endpoint = new Endpoint
        {
            Transport = Text(row, 5) switch { "tcp" => Transport.Tcp, "udp" => Transport.Udp, "unix" => Transport.Unix, _ => null },
            Address = Text(row, 6),
            Port = row.IsDBNull(7) ? null : row.GetInt32(7),
            Path = Text(row, 8),
        },
        Contender = Text(row, 9),
        Action = row.GetString(10),
        Rule = row.GetString(11),
        Reason = row.GetString(12),
        IsConfirmed = row.GetBoolean(13),
        IsBlocking = row.GetBoolean(14),
        Outcome = Text(row, 15),
        FreedAt = row.IsDBNull(16) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(16)),
        Holders = ToHolders(row.GetString(17)),
        Json = row.GetString(18),
    };

    private static HistoryHolder[] ToHolders(string json)
    {
        using JsonDocument holders = JsonDocument.Parse(json);
        return [.. holders.RootElement.EnumerateArray().Select(holder => new HistoryHolder(
            holder[0].ValueKind == JsonValueKind.Number ? holder[0].GetInt32() : null,
            holder[1].GetString(),
            ToWords(holder[2]),
            holder[3].GetString(),
            holder[4].GetString(),
            holder[5].GetString(),
            holder[6].GetString(),
            ToWords(holder[7])))];
    }

    private static string[]? ToWords(JsonElement words) => words.ValueKind == JsonValueKind.Array
        ? [.. words.EnumerateArray().Select(word => word.ValueKind == JsonValueKind.String ? word.GetString() ?? "" : word.GetRawText())]
        : null;

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static void Set(SqliteCommand command, string name, object? value) => command.Parameters.AddWithValue(name, value ?? DBNull.Value);

    private static string JsonOf(IEnumerable<string> texts) => $"[{string.Join(',', texts.Select(text => $"\"{JsonEncodedText.Encode(text)}\""))}]";

    private static T Guarded<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (SqliteException error) when (HistoryFile.IsDamage(error))
        {
            throw new HistoryException($"{path} is damaged. The watcher moves it aside and begins a new one with the next incident.", error);
        }
        catch (Exception error) when (error is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new HistoryException($"{path} cannot be read: {PlainText.Clean(error.Message, 200)}", error);
        }
        catch (Exception error) when (error is DllNotFoundException or TypeInitializationException)
        {
            throw new HistoryException("There is no history: SQLite's library (libe_sqlite3) is not beside the program.", error);
        }
    }
}
