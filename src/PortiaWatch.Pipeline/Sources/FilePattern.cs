using System.IO.Enumeration;

namespace PortiaWatch.Pipeline.Sources;

/// <summary>
/// A path or glob from the configuration. <c>~</c> is the home folder, <c>*</c> and <c>?</c> stay within one name, <c>**</c> is any number of folders; as in a shell, a
/// wildcard does not match a leading dot.
/// </summary>
public sealed class FilePattern
{
    private const string AnyFolders = "**";

    private readonly string[] _names;

    private FilePattern(string text, string root, string[] names)
    {
        Text = text;
        Root = root;
        _names = names;
    }

    /// <summary>As the user wrote it.</summary>
    public string Text { get; }

    /// <summary>The deepest folder that is sure to contain every match. Absolute; need not exist.</summary>
    public string Root { get; }

    /// <summary>True when matches may lie in folders below <see cref="Root"/>.</summary>
    public bool IsDeep => _names.Length > 1;

    /// <summary>True when it names one file, without wildcards.</summary>
    public bool IsLiteral => _names is [var name] && !IsWild(name);

    public static FilePattern Parse(string text, string home)
    {
        var path = text == "~" || text.StartsWith("~/", StringComparison.Ordinal) ? home + text[1..] : text;
        var names = Path.GetFullPath(path).Split('/', StringSplitOptions.RemoveEmptyEntries);
        var fixedNames = names.TakeWhile(name => !IsWild(name)).Count();
        fixedNames = Math.Min(fixedNames, names.Length - 1);
        return new FilePattern(text, "/" + string.Join('/', names[..Math.Max(fixedNames, 0)]), names[Math.Max(fixedNames, 0)..]);
    }

    /// <summary>The path of the one file of a literal pattern; otherwise a path with the wildcards in it.</summary>
    public string FullPath => Path.Join(Root, string.Join('/', _names));

    public bool Matches(string path) => IsBelow(path, Root) && Matches(path.AsSpan(Root.Length).TrimStart('/'), _names);

    /// <summary>
    /// Files below <paramref name="folder"/> that match, links to files included. Links to folders are not entered, so that a circle of them has an end; folders that may
    /// not be read are left out.
    /// </summary>
    public IEnumerable<string> FilesIn(string folder)
    {
        var options = new EnumerationOptions { IgnoreInaccessible = true, RecurseSubdirectories = true, AttributesToSkip = 0 };
        return new FileSystemEnumerable<string>(folder, static (ref FileSystemEntry entry) => entry.ToFullPath(), options)
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory && Matches(entry.ToFullPath()),
            ShouldRecursePredicate = (ref FileSystemEntry entry) =>
                IsDeep && entry.FileName is not ['.', ..] && !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
        };
    }

    /// <summary>True when <paramref name="path"/> is <paramref name="folder"/> or lies in it.</summary>
    public static bool IsBelow(string path, string folder) =>
        path.StartsWith(folder, StringComparison.Ordinal) && (path.Length == folder.Length || folder.EndsWith('/') || path[folder.Length] == '/');

    private static bool IsWild(string name) => name.AsSpan().ContainsAny('*', '?');

    private static bool Matches(ReadOnlySpan<char> path, ReadOnlySpan<string> names)
    {
        if (names.IsEmpty)
            return path.IsEmpty;
        if (path.IsEmpty)
            return false;

        var end = path.IndexOf('/');
        var first = end < 0 ? path : path[..end];
        var rest = end < 0 ? default : path[(end + 1)..];
        if (names[0] == AnyFolders)
            return first is not ['.', ..] && (names.Length == 1 && rest.IsEmpty || Matches(rest, names)) || Matches(path, names[1..]);
        if (first is ['.', ..] && names[0][0] != '.')
            return false;
        return FileSystemName.MatchesSimpleExpression(names[0], first, ignoreCase: false) && Matches(rest, names[1..]);
    }
}
