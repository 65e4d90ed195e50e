using Microsoft.Data.Sqlite;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.History;

/// <summary>What is said of an incident whose watcher did not live to see the end of it.</summary>
internal static class Unfinished
{
    public const string Sentence = "Unfinished: the watcher stopped while acting, so it is not known what became of this. Nothing is done again.";

    /// <summary>Like the outcome of a finished one.</summary>
    /// <param name="at">When it was found out; null when it is not written down anywhere yet.</param>
    public static string ToJson(DateTimeOffset? at) => Ending.ToJson(OutcomeKind.Unfinished, Sentence, at);

    /// <summary>The processes that began something and have not completed it, dead or alive.</summary>
    public static IReadOnlyList<ProcessIdentity> Writers(SqliteConnection connection)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT DISTINCT writer_pid, writer_generation FROM incident WHERE acting > 0";
        using SqliteDataReader rows = command.ExecuteReader();
        var writers = new List<ProcessIdentity>();
        while (rows.Read())
            writers.Add(new ProcessIdentity(rows.GetInt32(0), unchecked((ulong)rows.GetInt64(1)), null));
        return writers;
    }

    /// <summary>Whether that very process still runs; an exec in between does not end it.</summary>
    public static bool IsAlive(IProcessTable processes, ProcessIdentity writer) => processes.Identify(writer.Pid)?.Generation == writer.Generation;
}
