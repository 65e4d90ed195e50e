using System.Globalization;
using Microsoft.Data.Sqlite;

namespace PortiaWatch.Pipeline.History;

/// <summary>
/// The tables and how older ones become these. <c>PRAGMA user_version</c> counts the steps taken; a file with more steps than are known here was written by a newer version
/// and is left alone.
/// </summary>
internal static class HistorySchema
{
    // Step n brings a file from version n to n + 1. A step that was released is never changed.
    private static readonly string[] Steps =
    [
        """
        -- Times are unix milliseconds. What is searched and counted has columns; the whole is in "story" (portia.incident/1) and "ending" (its "outcome").
        CREATE TABLE incident (
          number INTEGER PRIMARY KEY AUTOINCREMENT,
          id TEXT NOT NULL UNIQUE,
          first INTEGER NOT NULL CHECK (first BETWEEN 0 AND 253402300799999),
          last INTEGER NOT NULL CHECK (last BETWEEN 0 AND 253402300799999),
          count INTEGER NOT NULL CHECK (count BETWEEN 1 AND 2147483647),
          kind TEXT NOT NULL,
          transport TEXT,
          address TEXT,
          port INTEGER CHECK (port BETWEEN 1 AND 65535),
          path TEXT,
          contender TEXT,
          trust TEXT NOT NULL,
          sources TEXT NOT NULL,
          confirmed INTEGER NOT NULL CHECK (confirmed IN (0, 1)),
          action TEXT NOT NULL,
          rule TEXT NOT NULL,
          reason TEXT NOT NULL,
          outcome TEXT,
          ended INTEGER,
          freed INTEGER CHECK (freed BETWEEN 0 AND 253402300799999),
          story TEXT NOT NULL,
          ending TEXT,
          acting INTEGER NOT NULL,
          writer_pid INTEGER NOT NULL,
          writer_generation INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX incident_by_time ON incident (first, number);
        CREATE INDEX incident_by_port ON incident (port, first);
        CREATE INDEX incident_acting ON incident (writer_pid) WHERE acting > 0;
        CREATE TABLE holder (
          incident INTEGER NOT NULL REFERENCES incident (number) ON DELETE CASCADE,
          pid INTEGER CHECK (pid BETWEEN 0 AND 2147483647),
          name TEXT,
          command TEXT,
          folder TEXT,
          user TEXT,
          project TEXT,
          container TEXT,
          stop TEXT
        ) STRICT;
        CREATE INDEX holder_of ON holder (incident);
        """,
    ];

    public static int Version => Steps.Length;

    /// <summary>Takes the steps that are missing, all or none. Safe beside other processes that do the same.</summary>
    public static void Migrate(SqliteConnection connection)
    {
        if (VersionOf(connection) >= Version)
            return;

        // Not deferred: whoever comes second waits here, and then finds that nothing is left to do.
        using SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
        for (int step = VersionOf(connection); step < Version; step++)
            HistoryFile.Execute(connection, $"{Steps[step]} PRAGMA user_version = {step + 1};");
        transaction.Commit();
    }

    /// <summary>0 for a new file; throws <see cref="HistoryException"/> for one of a newer version.</summary>
    public static int VersionOf(SqliteConnection connection)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        int version = Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
        return version <= Version
            ? version
            : throw new HistoryException($"{connection.DataSource} was written by a newer PortiaWatch (format {version}, this one knows up to {Version}).");
    }
}
