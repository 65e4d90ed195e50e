namespace PortiaWatch.Pipeline.Enrichment;

/// <summary>Finds the project that a folder belongs to: the nearest folder, itself or above, that holds a project's mark.</summary>
public static class ProjectFinder
{
    // A listing of a huge folder must not hold up an incident.
    private const int ListedEntries = 2000;

    private static readonly string[] Marks =
    [
        ".git", "package.json", "pyproject.toml", "Cargo.toml", "go.mod", "composer.json", "Gemfile", "pom.xml", "build.gradle", "build.gradle.kts", "deno.json",
        "deno.jsonc", "mix.exs", "requirements.txt", "setup.py", "manage.py", "Pipfile", "CMakeLists.txt", "Makefile", "docker-compose.yml", "compose.yaml", ".hg",
    ];

    /// <summary>Null when there is none. The user's home and the root folder are never a project, whatever lies in them.</summary>
    public static string? Find(string folder, string? home)
    {
        for (string? at = folder; at is { Length: > 1 } && at != home; at = Path.GetDirectoryName(at))
        {
            if (Array.Exists(Marks, mark => Path.Exists(Path.Join(at, mark))) || HoldsSolution(at))
                return at;
        }

        return null;
    }

    private static bool HoldsSolution(string folder)
    {
        try
        {
            return Directory.EnumerateFiles(folder).Take(ListedEntries).Any(name => Path.GetExtension(name) is ".sln" or ".slnx" or ".csproj" or ".fsproj");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
