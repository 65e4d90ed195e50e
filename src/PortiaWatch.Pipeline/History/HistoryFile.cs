using System.Globalization;
using Microsoft.Data.Sqlite;

namespace PortiaWatch.Pipeline.History;

/// <summary>Opens the database: private to its user, in WAL mode, brought to the present schema; a damaged one is moved aside.</summary>
internal static class HistoryFile
{
    public const int Busy = 5;
    public const int Locked = 6;
    private const int Corrupt = 11;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;

    // Another writer is done within milliseconds; a reader never locks anybody out. Whole seconds is all that the library takes.
    private const int LockPatienceSeconds = 1;

    private const UnixFileMode PrivateFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode PrivateFolder = PrivateFile | UnixFileMode.UserExecute;

    /// <summary>Creates what is missing. Throws what SQLite or the file system says.</summary>
    public static SqliteConnection OpenForWriting(string path)
    {
        CreatePrivately(path);
        SqliteConnection connection = Connect(path, SqliteOpenMode.ReadWrite);
        try
        {
            // NORMAL: the log is not forced to the disk with each write. A killed watcher loses nothing; a power cut may lose the last moments, never the database.
            Execute(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -512; PRAGMA journal_size_limit = 1048576;");
            HistorySchema.Migrate(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>The file must be there.</summary>
    public static SqliteConnection OpenForReading(string path)
    {
        SqliteConnection connection = ConnectForReading(path);
        try
        {
            if (HistorySchema.VersionOf(connection) > 0)
                return connection;
            throw new HistoryException($"{path} is no history.");
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public static bool IsDamage(SqliteException error) => error.SqliteErrorCode is Corrupt or NotADatabase;

    /// <summary>
    /// Moves a damaged database out of the way and returns its new path; null when it proves sound after all, because another process was faster. Two processes may find the
    /// damage at the same time; only one looks and moves, the other gets an <see cref="IOException"/> and tries again later.
    /// </summary>
    public static string? MoveAside(string path, DateTimeOffset now)
    {
        using var alone = new FileStream(path + ".repair", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        if (IsSound(path))
            return null;
        string aside = $"{path}.corrupt-{now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}";
        for (int again = 2; File.Exists(aside); again++)
            aside = $"{aside.Split('~')[0]}~{again}";
        File.Move(path, aside);

        // The log belongs to the damaged file; beside a new one it would be damage again.
        foreach (string part in (string[])["-wal", "-shm"])
        {
            if (File.Exists(path + part))
                File.Move(path + part, aside + part);
        }

        return aside;
    }

    public static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Fixed texts of this folder, never a user's.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private static bool IsSound(string path)
    {
        try
        {
            using SqliteConnection connection = Connect(path, SqliteOpenMode.ReadWrite);
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "PRAGMA quick_check(1)";
            return command.ExecuteScalar() is "ok";
        }
        catch (SqliteException error) when (IsDamage(error))
        {
            return false;
        }
    }

    private static SqliteConnection ConnectForReading(string path)
    {
        SqliteConnection connection = Connect(path, SqliteOpenMode.ReadOnly);
        try
        {
            // The first reading needs the files of the log beside the database.
            _ = HistorySchema.VersionOf(connection);
            return connection;
        }
        catch (SqliteException error) when (error.SqliteErrorCode == CannotOpen)
        {
            // On a disk that cannot be written nobody makes them, and nobody changes the database either.
            connection.Dispose();
            return Connect($"file:{Uri.EscapeDataString(path).Replace("%2F", "/", StringComparison.Ordinal)}?immutable=1", SqliteOpenMode.ReadOnly);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static SqliteConnection Connect(string path, SqliteOpenMode mode)
    {
        // A pool would keep the file open behind our back.
        var settings = new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false, DefaultTimeout = LockPatienceSeconds };
        var connection = new SqliteConnection(settings.ToString());
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Command lines and folders are nobody else's business. SQLite gives its log the mode of the database.</summary>
    private static void CreatePrivately(string path)
    {
#pragma warning disable CA1416 // The program runs on Linux and macOS only.
        string folder = Path.GetDirectoryName(path) ?? "/";
        if (!Directory.Exists(folder))
            Directory.CreateDirectory(folder, PrivateFolder);
        if (!File.Exists(path))
            new FileStream(path, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, UnixCreateMode = PrivateFile }).Dispose();
#pragma warning restore CA1416
    }
}
