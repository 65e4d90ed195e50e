namespace PortiaWatch.Daemon;

/// <summary>How the watcher is started again by somebody else.</summary>
internal static class WatcherProgram
{
    /// <summary>Absolute path and arguments: this very program, whether it is one file or <c>dotnet portia.dll</c>.</summary>
    /// <param name="configuration">As the user named it, relative to where they are now; null for the standard file.</param>
    public static IReadOnlyList<string> Command(string? configuration)
    {
        List<string> program = [.. Itself(), "watch"];
        if (configuration is not null)
            program.AddRange(["--config", Path.GetFullPath(configuration)]);
        return program;
    }

    /// <summary>Absolute path and, where the runtime's own host runs it, our library.</summary>
    public static IReadOnlyList<string> Itself()
    {
        string file = Environment.ProcessPath ?? throw new UsageException("The path of this program is not known, so it cannot be installed.");
        List<string> program = [file];

        // Started by the runtime's own host, the first argument is our library.
        if (Path.GetFileNameWithoutExtension(file) == "dotnet")
            program.Add(Path.GetFullPath(Environment.GetCommandLineArgs()[0]));
        return program;
    }
}
