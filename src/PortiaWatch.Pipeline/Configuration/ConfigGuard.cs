using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Configuration;

/// <summary>
/// Whoever can write the file decides what gets killed and which program runs. So rules that do either are refused from a file, or out of a folder,
/// that others may write; rules that only tell and ask are not worth a refusal.
/// </summary>
internal static class ConfigGuard
{
    private const UnixFileMode WritableByOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>One sentence with the command that mends it; null when there is nothing to object to.</summary>
    public static string? Objection(string path, Settings settings, FileOwnership? ownership)
    {
        if (!settings.Rules.Any(r => r.Action is RuleAction.Kill or RuleAction.Exec))
            return null;

        // The link itself says nothing (its mode is always rwxrwxrwx); what counts is the file that it names.
        FileInfo file = new(path);
        if (file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target)
            file = target;
        return Check(file, "file", ownership) ?? (file.Directory is { } folder ? Check(folder, "folder", ownership) : null);
    }

    private static string? Check(FileSystemInfo entry, string what, FileOwnership? ownership)
    {
        UnixFileMode mode = entry.UnixFileMode;
        bool isSafeFolder = what == "folder" && mode.HasFlag(UnixFileMode.StickyBit);
        if ((int)mode != -1 && (mode & WritableByOthers) != 0 && !isSafeFolder)
            return $"its rules may kill or run programs, and other users may write the {what}; mend it with: chmod go-w '{entry.FullName}'";
        if (ownership?.OwnerOf(entry.FullName) is { } owner && owner != 0 && owner != ownership.CurrentUser)
            return $"its rules may kill or run programs, and the {what} belongs to another user (uid {owner}); mend it with: sudo chown \"$USER\" '{entry.FullName}'";
        return null;
    }
}
