using System.Buffers;

namespace PortiaWatch.Linux.Systemd;

/// <summary>The systemd unit that a cgroup path belongs to.</summary>
/// <param name="Name">With its suffix.</param>
/// <param name="IsOfUser">True when a user's own systemd manages it.</param>
internal sealed record CgroupUnit(string Name, bool IsOfUser)
{
    // systemd.unit(5). A user may give the folders of the own cgroups any name, and systemctl reads "*" as every unit and a leading dash as an option.
    private static readonly SearchValues<char> UnitCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789:_.\\-@");

    public bool IsService => Name.EndsWith(".service", StringComparison.Ordinal);

    /// <summary>What ends it; empty where the name could mean more than one unit.</summary>
    public IReadOnlyList<string> StopCommand => Name[0] == '-' || Name.AsSpan().ContainsAnyExcept(UnitCharacters)
        ? []
        : IsOfUser ? ["systemctl", "--user", "stop", Name] : ["systemctl", "stop", Name];

    /// <summary>
    /// A desktop program started by the desktop itself (XDG naming). What runs in its terminal shares the unit, so stopping the unit would close the editor and not
    /// the server.
    /// </summary>
    public bool IsDesktopProgram => IsOfUser && (Name.StartsWith("app-", StringComparison.Ordinal) || Name.StartsWith("dbus-", StringComparison.Ordinal)
        || Name.StartsWith("gnome-terminal-server", StringComparison.Ordinal));

    /// <summary>Null when the path names no unit (no systemd, the root, a bare slice).</summary>
    public static CgroupUnit? FromPath(string path)
    {
        bool user = false;
        foreach (string part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            // Everything below user@1000.service belongs to that user's own manager.
            if (part.StartsWith("user@", StringComparison.Ordinal) && part.EndsWith(".service", StringComparison.Ordinal))
                user = true;
            else if (part.EndsWith(".service", StringComparison.Ordinal) || part.EndsWith(".scope", StringComparison.Ordinal))
                return new CgroupUnit(part, user);
        }

        return null;
    }
}
