using System.Text;
using PortiaWatch.Interop;

namespace PortiaWatch.Running;

/// <summary>
/// Starts the command with posix_spawn: there is no fork in managed code. Signals that our runtime has touched go back to their default, those that
/// the user had ignored (nohup) stay so, and none is blocked.
/// </summary>
internal static unsafe class Spawning
{
    private static readonly string[] StandardPath = ["/usr/local/bin", "/usr/bin", "/bin"];

    /// <summary>The pid. Throws <see cref="SpawnFailure"/>.</summary>
    /// <param name="command">Program, looked up as a shell does, and arguments.</param>
    /// <param name="port">Value for PORT in its environment; null leaves it as it is.</param>
    /// <param name="streams">What it gets for its three standard streams.</param>
    public static int Start(IReadOnlyList<string> command, int? port, ChildStreams streams)
    {
        int error = TryStart(command[0], command, port, streams, out int pid);

        // A script without its "#!" line: shells run it themselves.
        if (error == Libc.ENOEXEC && Find(command[0]) is { } script)
            error = TryStart("/bin/sh", ["sh", script, .. command.Skip(1)], port, streams, out pid);
        return error == 0 ? pid : throw new SpawnFailure(command[0], error);
    }

    private static int TryStart(string file, IReadOnlyList<string> command, int? port, ChildStreams streams, out int pid)
    {
        Libc.SpawnRoom actions = default, attributes = default;
        Libc.SignalSet none = default, defaults = default;
        int started = 0;
        _ = Libc.posix_spawn_file_actions_init(&actions);
        _ = Libc.posix_spawnattr_init(&attributes);
        try
        {
            short flags = Libc.POSIX_SPAWN_SETSIGDEF | Libc.POSIX_SPAWN_SETSIGMASK;
            flags |= streams.Terminal is null ? Libc.POSIX_SPAWN_SETPGROUP : Abi.POSIX_SPAWN_SETSID;
            _ = Libc.sigemptyset(&none);
            FillDefaults(&defaults);
            _ = Libc.posix_spawnattr_setflags(&attributes, flags);
            _ = Libc.posix_spawnattr_setpgroup(&attributes, 0);
            _ = Libc.posix_spawnattr_setsigmask(&attributes, &none);
            _ = Libc.posix_spawnattr_setsigdefault(&attributes, &defaults);
            using var arguments = new NativeStrings(command);
            using NativeStrings? changed = port is { } number ? new NativeStrings([$"PORT={number}"]) : null;
            byte*[] environment = Environment(changed);
            byte[] program = Encoding.UTF8.GetBytes(file + '\0');
            fixed (byte* name = streams.Terminal?.Name, path = program)
            fixed (byte** variables = environment)
            {
                streams.Describe(&actions, name);
                return Libc.posix_spawnp(&started, path, &actions, &attributes, arguments.Pointers, variables);
            }
        }
        finally
        {
            pid = started;
            _ = Libc.posix_spawnattr_destroy(&attributes);
            _ = Libc.posix_spawn_file_actions_destroy(&actions);
        }
    }

    public static bool IsIgnored(int signal)
    {
        Libc.SignalAction now = default;
        return Libc.sigaction(signal, null, &now) == 0 && now.Handler == Libc.SIG_IGN;
    }

    /// <summary>The signals that a new program finds as the user had them.</summary>
    internal static void FillDefaults(Libc.SignalSet* defaults)
    {
        _ = Libc.sigemptyset(defaults);
        for (int signal = 1; signal <= Libc.LastClassicSignal; signal++)
        {
            // SIGPIPE is ignored by our runtime, whatever the user had.
            if (signal == Libc.SIGPIPE || !IsIgnored(signal))
                _ = Libc.sigaddset(defaults, signal);
        }
    }

    // Byte by byte as it was given to us: what is no UTF-8 stays what it is.
    internal static byte*[] Environment(NativeStrings? changed)
    {
        var count = 0;
        byte** given = Libc.Environment();
        for (byte** at = given; *at is not null; at++)
            count++;
        var variables = new byte*[count + 2];
        int kept = 0;
        for (int i = 0; i < count; i++)
        {
            if (changed is null || !StartsWith(given[i], "PORT="u8))
                variables[kept++] = given[i];
        }

        variables[kept] = changed is null ? null : changed.Pointers[0];
        return variables;
    }

    private static bool StartsWith(byte* text, ReadOnlySpan<byte> prefix)
    {
        for (int i = 0; i < prefix.Length; i++)
        {
            if (text[i] != prefix[i])
                return false;
        }

        return true;
    }

    private static string? Find(string file)
    {
        if (file.Contains('/', StringComparison.Ordinal))
            return file;
        string[] folders = System.Environment.GetEnvironmentVariable("PATH")?.Split(':') ?? StandardPath;
        return folders.Select(folder => Path.Join(folder.Length == 0 ? "." : folder, file)).FirstOrDefault(File.Exists);
    }
}
