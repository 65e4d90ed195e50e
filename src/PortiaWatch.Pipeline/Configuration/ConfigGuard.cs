using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Configuration;

/// <summary>
/// Whoever can write the file decides what gets killed and which program runs. So rules that do either are refused from a file, or out of a folder,
/// that others may write; rules that only tell and ask are not worth a refusal.
/// </summary>
internal static class ConfigGuard
{
    private const int LongestPath = 4096;

    /// <summary>One sentence with the command that mends it; null when there is nothing to object to.</summary>
    public static string? Objection(string path, Settings settings, FileOwnership? ownership) =>
        settings.Rules.Any(r => r.Action is RuleAction.Kill or RuleAction.Exec) ? Objection(path, "its rules may kill or run programs", ownership) : null;

    /// <summary>The same for any file that nobody else may have a say in.</summary>
    /// <param name="path">Must exist.</param>
    /// <param name="gain">What others would gain, as the start of a sentence.</param>
    /// <param name="ownership">Null where the platform cannot tell owners.</param>
    public static string? Objection(string path, string gain, FileOwnership? ownership)
    {
        // The link itself says nothing (its mode is always rwxrwxrwx); what counts is the file that it names.
        FileInfo file = new(path);
        if (file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target)
        {
            // Who may write the folder of the link decides which file it names.
            if (file.Directory is { } linkFolder && Check(linkFolder, "folder", gain, ownership) is { } objection)
                return objection;
            file = target;
        }

        return Check(file, "file", gain, ownership) ?? (file.Directory is { } folder ? Check(folder, "folder", gain, ownership) : null);
    }

    // It is pasted into a shell.
    private static string Quoted(string path) => PlainText.Clean($"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'", LongestPath);

    private static string? Check(FileSystemInfo entry, string what, string gain, FileOwnership? ownership)
    {
        UnixFileMode mode = entry.UnixFileMode;
        (uint User, uint Group)? owner = ownership?.OwnerOf(entry.FullName);

        // Where every user has a group of the same number, as on Debian, the usual umask leaves files open to that group, which is nobody else.
        bool isPrivateGroup = owner is { } known && known.Group == known.User;
        UnixFileMode loose = isPrivateGroup ? UnixFileMode.OtherWrite : UnixFileMode.OtherWrite | UnixFileMode.GroupWrite;
        bool isSafeFolder = what == "folder" && mode.HasFlag(UnixFileMode.StickyBit);
        if ((int)mode != -1 && (mode & loose) != 0 && !isSafeFolder)
            return $"{gain}, and other users may write the {what}; mend it with: chmod go-w {Quoted(entry.FullName)}";
        if (owner is { User: > 0 } && owner.Value.User != ownership?.CurrentUser)
            return $"{gain}, and the {what} belongs to another user (uid {owner.Value.User}); mend it with: sudo chown \"$USER\" {Quoted(entry.FullName)}";
        return null;
    }
}
