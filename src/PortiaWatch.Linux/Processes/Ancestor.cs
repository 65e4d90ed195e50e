namespace PortiaWatch.Linux.Processes;

/// <summary>One ancestor as it was read on the way up to init.</summary>
/// <param name="Pid">In our pid namespace.</param>
/// <param name="Name">Short name.</param>
/// <param name="Command">Empty where it may not be read or there is none.</param>
internal sealed record Ancestor(int Pid, string Name, IReadOnlyList<string> Command)
{
    private static readonly HashSet<string> Inits = new(StringComparer.Ordinal)
    {
        "systemd", "init", "tini", "dumb-init", "docker-init", "runit", "s6-svscan", "openrc-init", "catatonit", "launchd",
    };

    /// <summary>
    /// A manager that starts services or adopts what lost its parent: init of the machine or a user's own systemd. Pid 1 alone says nothing: in a container it may be the
    /// user's shell, and its children are in use.
    /// </summary>
    public bool IsManager => (Pid == 1 && Inits.Contains(Name)) || (Name is "systemd" or "(sd-pam)" && Command.Contains("--user"));
}
