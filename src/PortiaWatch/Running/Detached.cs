using System.Text;
using PortiaWatch.Interop;

namespace PortiaWatch.Running;

/// <summary>
/// Starts a program that outlives us and our terminal: in a session of its own, so that neither Ctrl-C, Ctrl-Z nor a closed window reaches it, and as nobody's child of ours,
/// so that it is not left as a zombie.
/// </summary>
internal static unsafe class Detached
{
    private const string Shell = "/bin/sh";
    private const int Input = 0;
    private const int Output = 1;
    private const int Errors = 2;

    // The shell ends at once, and the system's first process takes its child. No folder is kept busy.
    private const string Script = "cd / && \"$@\" &";

    /// <summary>False when it could not be started. Whether the program itself could, is not known here.</summary>
    /// <param name="program">Absolute path and arguments.</param>
    /// <param name="errors">An existing file for its standard error; what it prints on standard output is dropped.</param>
    public static bool TryStart(IReadOnlyList<string> program, string errors)
    {
        Libc.SpawnRoom actions = default, attributes = default;
        Libc.SignalSet none = default, defaults = default;
        int started = 0;
        _ = Libc.posix_spawn_file_actions_init(&actions);
        _ = Libc.posix_spawnattr_init(&attributes);
        try
        {
            _ = Libc.sigemptyset(&none);
            Spawning.FillDefaults(&defaults);
            _ = Libc.posix_spawnattr_setflags(&attributes, (short)(Libc.POSIX_SPAWN_SETSIGDEF | Libc.POSIX_SPAWN_SETSIGMASK | Abi.POSIX_SPAWN_SETSID));
            _ = Libc.posix_spawnattr_setsigmask(&attributes, &none);
            _ = Libc.posix_spawnattr_setsigdefault(&attributes, &defaults);
            using var arguments = new NativeStrings(["sh", "-c", Script, "sh", .. program]);
            byte*[] environment = Spawning.Environment(null);
            fixed (byte* shell = Encoding.UTF8.GetBytes(Shell + '\0'), nothing = "/dev/null\0"u8, log = Encoding.UTF8.GetBytes(errors + '\0'))
            fixed (byte** variables = environment)
            {
                _ = Libc.posix_spawn_file_actions_addopen(&actions, Input, nothing, Libc.O_RDWR, 0);
                _ = Libc.posix_spawn_file_actions_adddup2(&actions, Input, Output);
                _ = Libc.posix_spawn_file_actions_addopen(&actions, Errors, log, Libc.O_RDWR, 0);
                if (Libc.posix_spawnp(&started, shell, &actions, &attributes, arguments.Pointers, variables) != 0)
                    return false;
            }
        }
        finally
        {
            _ = Libc.posix_spawnattr_destroy(&attributes);
            _ = Libc.posix_spawn_file_actions_destroy(&actions);
        }

        int status;
        while (Libc.waitpid(started, &status, 0) < 0 && System.Runtime.InteropServices.Marshal.GetLastPInvokeError() == Libc.EINTR)
        {
        }

        return status == 0;
    }
}
