using System.Text;

namespace PortiaWatch.Linux.Systemd;

/// <summary>The text of our user unit.</summary>
internal static class WatcherUnit
{
    public const string Name = "portia.service";

    /// <summary>
    /// No Protect*, no Private*: in a user unit these need a user namespace, in which /proc/PID/fd of other processes cannot be read and every holder would stay unknown. No
    /// MemoryDenyWriteExecute: the just-in-time compiler writes code. What the filter refuses is an error and not a death.
    /// </summary>
    private const string Hardening = """
        # Protect* and Private* are left out on purpose: they would blind the lookup of who holds a port.
        NoNewPrivileges=yes
        LockPersonality=yes
        RestrictRealtime=yes
        RestrictSUIDSGID=yes
        RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
        SystemCallArchitectures=native
        SystemCallFilter=@system-service
        SystemCallErrorNumber=EPERM

        """;

    private const string NoHardening = """
        # The program file has capabilities of its own (setcap), for the kernel source. Each of the usual limits would imply
        # NoNewPrivileges, with which the kernel ignores them, so there are none here.

        """;

    /// <param name="program">Absolute path and arguments of the watcher.</param>
    /// <param name="environment">What the user's own shell has set and the session's manager may not know.</param>
    /// <param name="hasFileCapabilities">The program file carries capabilities, which any limit would take away.</param>
    public static string Text(IReadOnlyList<string> program, IReadOnlyList<(string Name, string Value)> environment, bool hasFileCapabilities)
    {
        var text = new StringBuilder("""
            # Written by "portia install", taken away by "portia uninstall". Changes of your own belong into: systemctl --user edit portia
            [Unit]
            Description=PortiaWatch: sees "address already in use" as it happens
            After=dbus.socket

            [Service]
            Type=notify
            NotifyAccess=main

            """);
        text.Append("ExecStart=").Append(UnitWords.Command(program)).Append('\n');
        foreach ((string name, string value) in environment)
            text.Append("Environment=").Append(UnitWords.Assignment(name, value)).Append('\n');

        // A wrong configuration, a second watcher and missing rights do not mend themselves.
        text.Append("""
            Restart=on-failure
            RestartSec=5s
            RestartPreventExitStatus=2 3
            TimeoutStartSec=30s
            TimeoutStopSec=15s

            """);
        text.Append(hasFileCapabilities ? NoHardening : Hardening);
        return text.Append("""

            [Install]
            WantedBy=default.target

            """).ToString();
    }
}
