namespace PortiaWatch.Running;

/// <summary>How far a command line reaches: whether what it runs may be on another machine, in a container or in another network.</summary>
internal static class CommandReach
{
    private const int LongestScript = 64 * 1024;

    private static readonly HashSet<string> Elsewhere =
    [
        "ssh", "autossh", "mosh", "dbclient", "docker", "docker-compose", "podman", "podman-compose", "nerdctl", "buildah", "lima", "limactl", "colima", "kubectl", "oc", "k9s",
        "minikube", "kind", "helm", "skaffold", "tilt", "devcontainer", "crictl", "ctr", "runc", "crun", "nsenter", "unshare", "ip", "bwrap", "firejail", "rootlesskit",
        "slirp4netns", "pasta", "lxc", "lxc-attach", "lxc-execute", "lxc-start", "incus", "machinectl", "systemd-run", "systemd-nspawn", "chroot", "vagrant", "multipass",
        "distrobox", "toolbox", "flatpak", "flatpak-spawn", "apptainer", "singularity", "wsl", "wsl.exe", "gcloud", "aws", "az", "fly", "flyctl", "heroku", "railway", "vercel",
        "telnet", "nomad", "qemu-system-x86_64", "qemu-system-aarch64", "ansible", "ansible-playbook", "fab",
    ];

    // They run what stands after them.
    private static readonly HashSet<string> Wrappers =
    [
        "env", "sudo", "doas", "exec", "command", "nice", "ionice", "nohup", "time", "timeout", "setsid", "stdbuf", "unbuffer", "script", "xargs", "watch", "strace", "ltrace",
        "taskset", "chrt", "runuser", "su", "setpriv", "tini", "dumb-init", "catchsegv", "dotenv", "direnv", "entr", "nodemon", "npx", "bunx", "concurrently",
    ];

    private static readonly HashSet<string> Shells = ["sh", "bash", "dash", "ash", "zsh", "ksh", "mksh", "fish", "busybox"];

    // What they run stands in a file of theirs.
    private static readonly HashSet<string> Runners =
    [
        "make", "gmake", "just", "task", "mage", "rake", "invoke", "inv", "npm", "npx", "pnpm", "yarn", "bunx", "turbo", "nx", "lerna", "concurrently", "foreman", "overmind",
        "honcho", "hivemind", "goreman", "process-compose", "mprocs", "tox", "nox", "pm2", "composer",
    ];

    private static readonly char[] Breaks = [' ', '\t', '\r', '\n', ';', '|', '&', '(', ')', '{', '}', '"', '\'', '`', '$', '=', '<', '>', '!', ','];

    /// <summary>The program that may run it elsewhere, also after env, sudo and the like and within a shell's script; null when none is named.</summary>
    public static string? ElsewhereBy(IReadOnlyList<string> command)
    {
        string program = NameOf(command[0]);
        if (Elsewhere.Contains(program))
            return program;
        bool runsWords = Wrappers.Contains(program) || Shells.Contains(program) || Runners.Contains(program);
        IEnumerable<string> words = runsWords ? command.Skip(1).SelectMany(Tokens) : [];
        return words.Concat(ScriptOf(command) is { } script ? Tokens(script) : []).Select(NameOf).FirstOrDefault(Elsewhere.Contains);
    }

    /// <summary>The line does not tell what it runs in the end.</summary>
    public static bool IsOpaque(IReadOnlyList<string> command)
    {
        string program = NameOf(command[0]);
        if (Runners.Contains(program))
            return true;
        if (Wrappers.Contains(program))
            return command.Skip(1).Select(NameOf).Any(word => Runners.Contains(word) || Shells.Contains(word));
        if (Shells.Contains(program))
            return (!command.Skip(1).Any(IsInline) && ScriptOf(command) is null) || Calls(command.Skip(1)) || (ScriptOf(command) is { } file && Calls([file]));
        return ScriptOf(command) is { } script && Calls([script]);

        static bool Calls(IEnumerable<string> texts) => texts.SelectMany(Tokens).Select(NameOf).Any(Runners.Contains);
    }

    // "-c", "-lc": the script is the next word.
    private static bool IsInline(string word) => word.Length > 1 && word[0] == '-' && word[1] != '-' && word.EndsWith('c');

    private static string NameOf(string word) => Path.GetFileName(word);

    private static string[] Tokens(string text) => text.Split(Breaks, StringSplitOptions.RemoveEmptyEntries);

    // The text of a shell's script file, run by its name or by the shell; null when it is none.
    private static string? ScriptOf(IReadOnlyList<string> command)
    {
        bool isByShell = Shells.Contains(NameOf(command[0]));
        if (isByShell && command.Skip(1).Any(IsInline))
            return null;
        string? file = isByShell ? command.Skip(1).FirstOrDefault(word => !word.StartsWith('-')) : command[0].Contains('/') ? command[0] : null;
        try
        {
            if (file is null || new FileInfo(file) is not { Exists: true, Length: <= LongestScript and > 0 })
                return null;
            string text = File.ReadAllText(file);
            bool isShellScript = text.StartsWith("#!", StringComparison.Ordinal) && Tokens(text.Split('\n', 2)[0]).Select(NameOf).Any(Shells.Contains);
            return isByShell || isShellScript ? text : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
