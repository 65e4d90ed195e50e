namespace PortiaWatch.Pipeline.Enrichment;

/// <summary>Recognises programs that start their children again, by name and command line.</summary>
public static class WatchingProgram
{
    private static readonly HashSet<string> Names = new(StringComparer.Ordinal)
    {
        "nodemon", "forever", "foreman", "overmind", "hivemind", "honcho", "goreman", "supervisord", "runsv", "s6-supervise", "supervise", "supervise-daemon", "watchexec",
        "entr", "air", "reflex", "cargo-watch", "ts-node-dev", "tsnd", "dotnet-watch", "circusd", "node-dev", "bacon", "mprocs", "process-compose",
    };

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

        // An interpreter's script stands within the first words: node /usr/lib/node_modules/nodemon/bin/nodemon.js app.js
        string[] words = command.Take(4).Select(Stem).ToArray();
        foreach (string word in words.Take(3))
        {
            if (Names.Contains(word))
                return word;
        }

        foreach ((string name, string mode) in Modes)
        {
            int at = Array.IndexOf(words, name);
            if (at >= 0 && command.Skip(at + 1).Take(8).Any(word => word == mode || word.StartsWith(mode + "=", StringComparison.Ordinal)))
                return $"{name} {mode}";
        }

        return null;
    }

    /// <summary>The watcher's own stop verb for this child; empty where it has none.</summary>
    public static IReadOnlyList<string> StopCommand(string kind, Func<string, string?> environment) => kind switch
    {
        "pm2" when environment("pm_id") is { Length: > 0 } id => ["pm2", "stop", id],
        "supervisord" when environment("SUPERVISOR_PROCESS_NAME") is { Length: > 0 } name =>
            ["supervisorctl", "stop", environment("SUPERVISOR_GROUP_NAME") is { Length: > 0 } group && group != name ? $"{group}:{name}" : name],
        _ => [],
    };

    private static string Stem(string word)
    {
        string name = Path.GetFileName(word);
        return Path.GetExtension(name) is ".js" or ".mjs" or ".cjs" or ".py" or ".rb" ? Path.GetFileNameWithoutExtension(name) : name;
    }
}
