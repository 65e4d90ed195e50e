using System.Collections.Frozen;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Striking;

/// <summary>
/// Programs that must not be signalled whatever port they hold. A name proves nothing, so it only ever protects; a program that hides behind one of these is left alone.
/// </summary>
internal static class SystemPrograms
{
    private static readonly FrozenSet<string> ContainerProxies = new[]
    {
        "docker-proxy", "dockerd", "docker", "containerd", "containerd-shim", "containerd-shim-runc-v2", "com.docker.backend", "com.docker.vpnkit", "vpnkit", "conmon", "rootlessport",
        "rootlessport-child", "rootlesskit", "slirp4netns", "pasta", "passt", "podman", "buildkitd", "runc", "crun", "crio", "kubelet", "kube-proxy", "limactl", "colima", "OrbStack",
        "OrbStack Helper", "gvproxy",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> SessionPrograms = new[]
    {
        "init", "systemd", "launchd", "openrc-init", "runit", "s6-svscan", "dbus-daemon", "dbus-broker", "dbus-broker-launch", "login", "agetty", "sshd", "sshd-session", "sshd-auth", "dropbear",
        "Xorg", "X", "Xwayland", "Xvfb", "Xvnc", "gnome-shell", "mutter", "kwin_wayland", "kwin_x11", "plasmashell", "startplasma-x11", "startplasma-wayland", "ksmserver", "sway", "weston",
        "Hyprland", "labwc", "wayfire", "river", "niri", "i3", "openbox", "xfwm4", "marco", "cinnamon", "budgie-wm", "gdm", "gdm3", "sddm", "lightdm", "lxdm", "xfce4-session", "mate-session",
        "lxsession", "cinnamon-session", "gnome-session-binary", "gnome-session-service", "pipewire", "wireplumber", "pulseaudio", "polkitd", "NetworkManager", "wpa_supplicant", "dhclient",
        "dhcpcd", "udevd", "rsyslogd", "chronyd", "ntpd", "auditd", "crond", "cron", "gnome-keyring-daemon", "ssh-agent", "gpg-agent", "at-spi-bus-launcher", "xdg-desktop-portal",
        "WindowServer", "loginwindow", "Finder", "Dock", "SystemUIServer", "ControlCenter", "mDNSResponder", "rapportd", "sharingd", "opendirectoryd", "configd", "securityd", "cfprefsd",
    }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Multiplexers = new[] { "tmux", "screen", "zellij", "abduco", "dtach", "byobu", "mosh-server" }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Shells = new[]
    {
        "sh", "bash", "zsh", "fish", "dash", "ash", "ksh", "mksh", "tcsh", "csh", "nu", "xonsh", "elvish", "pwsh",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>What it is, as the end of a sentence that begins with "It is"; null when it is none of these.</summary>
    public static string? Role(ProcessFacts facts)
    {
        foreach (string name in Names(facts))
        {
            if (ContainerProxies.Contains(name) || name.StartsWith("com.docker.", StringComparison.Ordinal) || name.StartsWith("containerd-shim", StringComparison.Ordinal))
                return "part of a container engine; stopping it would leave the container up without its port. Stop the container instead";
            if (SessionPrograms.Contains(name) || name.StartsWith("systemd-", StringComparison.Ordinal))
                return "part of the system or of the desktop session";
            if (Multiplexers.Contains(name) || name.StartsWith("tmux:", StringComparison.Ordinal) || name is "SCREEN")
                return "a terminal multiplexer; every program inside it would lose its terminal";
        }

        return IsInSystemFolder(facts.Path) ? "part of the operating system" : null;
    }

    public static bool IsShell(ProcessFacts facts) => Names(facts).Any(Shells.Contains);

    /// <summary>A shell that was started as somebody's login has a dash before its name.</summary>
    public static bool IsLoginShell(ProcessFacts facts) => IsShell(facts) && facts.Command is { Count: > 0 } command && command[0].StartsWith('-');

    /// <summary>The kernel's short name (cut to 15 bytes on Linux), the file's name and the name it was called by.</summary>
    public static IEnumerable<string> Names(ProcessFacts facts)
    {
        yield return facts.Name;
        if (facts.Path is { Length: > 0 } path)
            yield return Path.GetFileName(path);

        // A title that was rewritten ("nginx: master process") has its program before the colon.
        if (facts.Command is { Count: > 0 } command)
            yield return Path.GetFileName(command[0].Split(' ', 2)[0].TrimStart('-').TrimEnd(':'));
    }

    private static bool IsInSystemFolder(string? path) => path is not null
        && (path.StartsWith("/System/", StringComparison.Ordinal) || path.StartsWith("/usr/libexec/", StringComparison.Ordinal))
        && !path.Contains("/git-core/", StringComparison.Ordinal);
}
