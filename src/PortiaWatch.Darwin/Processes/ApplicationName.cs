namespace PortiaWatch.Darwin.Processes;

/// <summary>The application that a program belongs to, as its path tells.</summary>
internal static class ApplicationName
{
    private const string Extension = ".app";

    /// <summary>
    /// <c>Visual Studio Code</c> for <c>/Applications/Visual Studio Code.app/Contents/Frameworks/Code Helper.app/Contents/MacOS/Code Helper</c>: the outermost bundle is
    /// the one the user knows. Null for a plain program.
    /// </summary>
    public static string? FromPath(string? path)
    {
        foreach (string part in (path ?? "").Split('/'))
        {
            if (part.Length > Extension.Length && part.EndsWith(Extension, StringComparison.OrdinalIgnoreCase))
                return part[..^Extension.Length];
        }

        return null;
    }
}
