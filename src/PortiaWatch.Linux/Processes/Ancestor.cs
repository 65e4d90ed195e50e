namespace PortiaWatch.Linux.Processes;

/// <summary>One ancestor as it was read on the way up to init.</summary>
/// <param name="Pid">In our pid namespace.</param>
/// <param name="Name">Short name.</param>
/// <param name="Command">Empty where it may not be read or there is none.</param>
internal sealed record Ancestor(int Pid, string Name, IReadOnlyList<string> Command)
{
    /// <summary>The first manager that starts services: init of the machine or a user's own systemd.</summary>
    public bool IsManager => Pid == 1 || (Name is "systemd" or "(sd-pam)" && Command.Contains("--user"));
}
