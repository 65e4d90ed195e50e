namespace PortiaWatch.Linux.Systemd;

/// <summary>The text of the system unit that runs nothing but the kernel sensor.</summary>
internal static class SensorUnit
{
    public const string Name = "portia-sensor.service";

    /// <summary>Where an administrator's units are (systemd.unit(5)).</summary>
    public const string Folder = "/etc/systemd/system";

    // A user of its own with three capabilities: CAP_DAC_READ_SEARCH is for the tracepoints' numbers, which lie in a folder that only root may enter. The user's files are
    // out of its sight, and it reads nothing of other processes: what it passes on is what the kernel wrote into its ring.
    private const string Limits = """
        DynamicUser=yes
        RuntimeDirectory=portia
        RuntimeDirectoryMode=0755
        AmbientCapabilities=CAP_BPF CAP_PERFMON CAP_DAC_READ_SEARCH
        CapabilityBoundingSet=CAP_BPF CAP_PERFMON CAP_DAC_READ_SEARCH
        LimitMEMLOCK=infinity
        NoNewPrivileges=yes
        ProtectSystem=strict
        ProtectHome=yes
        ProtectProc=invisible
        ProtectClock=yes
        ProtectHostname=yes
        ProtectControlGroups=yes
        ProtectKernelLogs=yes
        ProtectKernelModules=yes
        PrivateDevices=yes
        PrivateNetwork=yes
        LockPersonality=yes
        RestrictRealtime=yes
        RestrictSUIDSGID=yes
        RestrictNamespaces=yes
        RestrictAddressFamilies=AF_UNIX
        SystemCallArchitectures=native
        SystemCallFilter=@system-service bpf perf_event_open
        SystemCallErrorNumber=EPERM

        """;

    /// <param name="program">Absolute path and arguments of the sensor.</param>
    public static string Text(IReadOnlyList<string> program) => $"""
        # Written by "portia install --kernel", taken away by "portia uninstall --kernel". Changes of your own belong into: systemctl edit portia-sensor
        [Unit]
        Description=PortiaWatch kernel sensor: tells each user's watcher which of that user's programs were refused a port

        [Service]
        Type=notify
        NotifyAccess=main
        ExecStart={UnitWords.Command(program)}
        Restart=on-failure
        RestartSec=5s
        RestartPreventExitStatus=2 3
        TimeoutStartSec=30s
        {Limits}
        [Install]
        WantedBy=multi-user.target

        """;
}
