namespace PortiaWatch.Darwin.Files;

/// <summary>
/// The files that servers on a Mac write into: what launchd jobs have as standard output and error (which does not go into the unified log), Homebrew's logs, and the
/// user's own.
/// </summary>
internal static class DefaultFiles
{
    private const int MostJobs = 500;
    private static readonly string[] Keys = ["StandardErrorPath", "StandardOutPath"];

    /// <summary>Paths and globs. A file need not be there yet.</summary>
    /// <param name="surroundings">Where to look.</param>
    /// <param name="ownFolder">Files below it are ours: we do not watch ourselves.</param>
    public static IReadOnlyList<string> Find(Surroundings surroundings, string ownFolder)
    {
        List<string> found = [];
        IEnumerable<string> folders = surroundings.SharedJobFolders.Prepend(Path.Join(surroundings.Home, "Library", "LaunchAgents"));
        foreach (string job in folders.SelectMany(PropertyLists).Take(MostJobs))
        {
            if (JobFile.Read(job) is not { } strings)
                continue;
            foreach (string key in Keys)
            {
                if (strings.TryGetValue(key, out string? path) && IsLog(path) && !path.StartsWith(ownFolder + "/", StringComparison.Ordinal))
                    found.Add(path);
            }
        }

        found.AddRange(surroundings.HomebrewPrefixes.Select(prefix => Path.Join(prefix, "var", "log")).Where(Directory.Exists).Select(folder => Path.Join(folder, "*.log")));
        found.Add(Path.Join(surroundings.Home, "Library", "Logs", "**", "*.log"));
        return [.. found.Distinct(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> PropertyLists(string folder)
    {
        try
        {
            return Directory.GetFiles(folder, "*.plist").Order(StringComparer.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    // A glob character in a path would be taken for a pattern; a device is not a log.
    private static bool IsLog(string path) =>
        path.StartsWith('/') && !path.StartsWith("/dev/", StringComparison.Ordinal) && !path.AsSpan().ContainsAny('*', '?', '[');
}
