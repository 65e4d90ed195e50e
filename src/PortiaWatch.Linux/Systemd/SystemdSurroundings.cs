using PortiaWatch.Linux.Interop;
using PortiaWatch.Linux.Processes;

namespace PortiaWatch.Linux.Systemd;

/// <summary>The user's side of an installation.</summary>
/// <param name="UnitFolder">Where user units are.</param>
/// <param name="User">Login name.</param>
/// <param name="Environment">What the service must be told.</param>
internal sealed record SystemdSurroundings(string UnitFolder, string User, IReadOnlyList<(string Name, string Value)> Environment)
{
    /// <summary>
    /// What a shell's profile sets and the session's manager has not heard of: where the runtime is, where the files are, and the path on which pm2 and podman are found.
    /// </summary>
    private static readonly string[] Handed = ["PATH", "DOTNET_ROOT", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME"];

    public static SystemdSurroundings OfThisUser()
    {
        string home = System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile);
        string configuration = System.Environment.GetEnvironmentVariable("XDG_CONFIG_HOME") is { Length: > 0 } set && Path.IsPathRooted(set) ? set : Path.Combine(home, ".config");
        return new SystemdSurroundings(
            Path.Combine(configuration, "systemd/user"),
            new UserNames().Name(Libc.geteuid()),
            [.. Handed.Select(name => (name, System.Environment.GetEnvironmentVariable(name) ?? "")).Where(variable => variable.Item2.StartsWith('/'))]);
    }
}
