using System.Diagnostics;
using System.Reflection;
using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Enrichment;

/// <summary>The known port holders: the shipped table, and the user's own in front of it. Immutable.</summary>
public sealed class Squatters
{
    private readonly IReadOnlyList<SquatterEntry> _entries;

    private Squatters(IReadOnlyList<SquatterEntry> entries) => _entries = entries;

    /// <param name="system"><c>macos</c> or <c>linux</c>.</param>
    /// <param name="userFile">The user's additions; need not exist; null for none.</param>
    /// <param name="report">Takes what is wrong with the user's file, which then counts for nothing.</param>
    /// <param name="ownership">Tells whether others may write that file; null for no such check.</param>
    public static Squatters Load(string system, string? userFile, Action<ConfigError> report, FileOwnership? ownership = null)
    {
        (IReadOnlyList<SquatterEntry> shipped, IReadOnlyList<ConfigError> defects) = SquatterReader.Read(Shipped(), "squatters.json");
        Debug.Assert(defects.Count == 0, "The shipped table is checked by a test.");
        IReadOnlyList<SquatterEntry> own = userFile is null ? [] : ReadOwn(userFile, report, ownership);
        return new Squatters([.. own.Concat(shipped).Where(e => e.System is null || e.System == system)]);
    }

    /// <summary>The first entry that fits; null when nobody knows the program.</summary>
    public Squatter? Find(ProcessFacts facts, Endpoint endpoint)
    {
        foreach (SquatterEntry entry in _entries)
        {
            if (entry.Fits(facts, endpoint))
                return entry.Meet(facts, endpoint);
        }

        return null;
    }

    internal static byte[] Shipped()
    {
        using Stream? stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("squatters.json");
        Debug.Assert(stream is not null, "Embedded by the project file.");
        byte[] utf8 = new byte[stream.Length];
        stream.ReadExactly(utf8);
        return utf8;
    }

    private static IReadOnlyList<SquatterEntry> ReadOwn(string path, Action<ConfigError> report, FileOwnership? ownership)
    {
        if (!File.Exists(path))
            return [];
        (byte[] utf8, string? refusal) = ConfigLoader.ReadText(path, ownership);
        refusal ??= ConfigGuard.Objection(path, "its advice is shown as ours", ownership);
        if (refusal is not null)
        {
            report(new ConfigError(path, "$", 0, 0, refusal));
            return [];
        }

        (IReadOnlyList<SquatterEntry> entries, IReadOnlyList<ConfigError> errors) = SquatterReader.Read(utf8, path);
        foreach (ConfigError error in errors)
            report(error);
        return entries;
    }
}
