namespace PortiaWatch.Pipeline.Tests.Support;

/// <summary>Files of the repository that the tests are built from.</summary>
internal static class RepositoryFile
{
    public static string PathOf(params string[] parts)
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "PortiaWatch.sln")))
            folder = folder.Parent;
        Assert.NotNull(folder);
        return Path.Combine([folder.FullName, .. parts]);
    }
}
