namespace PortiaWatch.Pipeline.Enrichment;

/// <summary>Recognises programs that start their children again, by name and command line.</summary>
public static class WatchingProgram
{
    /// <summary>The word that turns watching on stands among the first.</summary>
    private const int LeadingWords = 8;

    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        "nodemon", "forever", "foreman", "overmind", "hivemind", "honcho", "goreman", "supervisord", "runsv", "s6-supervise", "supervise", "supervise-daemon", "watchexec",
        "entr", "air", "reflex", "cargo-watch", "ts-node-dev", "tsnd", "dotnet-watch", "circusd", "node-dev", "bacon", "mprocs", "process-compose",
    };

    /// <summary>Their script is the first word that is no option.</summary>
    private static readonly HashSet<string> Interpreters = new(StringComparer.Ordinal) { "node", "bun", "deno", "python", "ruby", "perl", "php", "sh", "bash", "npx" };

    /// <summary>Programs that watch only in a certain mode: program, then the word that turns it on.</summary>
    private static readonly (string Program, string Word)[] Modes =
    [
        ("node", "--watch"), ("bun", "--watch"), ("bun", "--hot"), ("deno", "--watch"), ("tsx", "watch"), ("dotnet", "watch"), ("cargo", "watch"), ("uvicorn", "--reload"),
    ];

    /// <summary>The watcher's name; null when it is none.</summary>
    /// <param name="program">Short name as the kernel has it.</param>
    /// <param name="command">Command line; empty when not known.</param>
    public static string? Kind(string program, IReadOnlyList<string> command)
    {
        // PM2 writes its state into its own command line: "PM2 v5.3.0: God Daemon (/home/u/.pm2)".
        if (program.StartsWith("PM2 v", StringComparison.Ordinal) || (command.Count > 0 && command[0].StartsWith("PM2 v", StringComparison.Ordinal)))
            return "pm2";
        if (Names.Contains(program))
            return program;

        string name = command.Count > 0 ? Stem(command[0]) : program;
        string? script = Interpreters.Contains(name.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '.')) ? command.Skip(1).FirstOrDefault(word => !word.StartsWith('-')) : null;
        if (Names.Contains(name))
            return name;
        if (script is not null && Names.Contains(Stem(script)))
            return Stem(script);
        foreach ((string watcher, string mode) in Modes)
        {
            bool isIt = name == watcher || (script is not null && Stem(script) == watcher);
            if (isIt && command.Skip(1).Take(LeadingWords).Any(word => word == mode || word.StartsWith(mode + "=", StringComparison.Ordinal)))
                return $"{watcher} {mode}";
        }

        return null;
    }

    /// <summary>The watcher's own stop verb for this child; empty where it has none. The environment is the child's own word: what could mean more than this child is not taken.</summary>
    /// <param name="kind">As <see cref="Kind"/> says.</param>
    /// <param name="command">The watcher's command line.</param>
    /// <param name="environment">Reads a variable of the child.</param>
    public static IReadOnlyList<string> StopCommand(string kind, IReadOnlyList<string> command, Func<string, string?> environment) => kind switch
    {
        "pm2" when environment("pm_id") is { Length: > 0 } id && id.All(char.IsAsciiDigit) => Pm2Stop(command, id),
        "supervisord" when environment("SUPERVISOR_PROCESS_NAME") is { } name && IsOneProgram(name) => SupervisorStop(name, environment("SUPERVISOR_GROUP_NAME")),
        _ => [],
    };

    // Every home of pm2 counts its programs from 0: in another home the same number is another program.
    private static string[] Pm2Stop(IReadOnlyList<string> command, string id)
    {
        const string Title = "God Daemon (";
        string title = command.Count > 0 ? command[0].TrimEnd() : "";
        int start = title.IndexOf(Title, StringComparison.Ordinal) + Title.Length;
        if (start < Title.Length || !title.EndsWith(')') || title[start..^1] is not { Length: > 1 } home || home[0] != '/')
            return [];
        bool isOurs = Environment.GetEnvironmentVariable("PM2_HOME") is not { Length: > 0 } && home == Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".pm2");
        return isOurs ? ["pm2", "stop", id] : ["env", $"PM2_HOME={home}", "pm2", "stop", id];
    }

    private static string[] SupervisorStop(string name, string? group)
    {
        if (string.IsNullOrEmpty(group) || group == name)
            return ["supervisorctl", "stop", name];
        return IsOneProgram(group) ? ["supervisorctl", "stop", $"{group}:{name}"] : [];
    }

    // supervisorctl reads "all" as everything, "group:" as the whole group and a leading dash as an option.
    private static bool IsOneProgram(string name) =>
        name.Length > 0 && name[0] != '-' && name[^1] != ':' && name != "all" && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or ':' or '-');

    private static string Stem(string word)
    {
        string name = Path.GetFileName(word);
        return Path.GetExtension(name) is ".js" or ".mjs" or ".cjs" or ".py" or ".rb" ? Path.GetFileNameWithoutExtension(name) : name;
    }
}
