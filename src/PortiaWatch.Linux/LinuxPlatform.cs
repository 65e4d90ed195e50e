using PortiaWatch.Linux.Ebpf;
using PortiaWatch.Linux.Interop;
using PortiaWatch.Linux.Journald;
using PortiaWatch.Linux.Notifications;
using PortiaWatch.Linux.Processes;
using PortiaWatch.Linux.Signals;
using PortiaWatch.Linux.Sockets;
using PortiaWatch.Linux.Systemd;
using PortiaWatch.Linux.SystemSensor;
using PortiaWatch.Pipeline;

namespace PortiaWatch.Linux;

/// <summary>Builds the Linux <see cref="Platform"/>.</summary>
public static class LinuxPlatform
{
    /// <summary>Measures what works here and builds the parts. Opens nothing that stays open until it is used.</summary>
    /// <param name="stateFolder">Where a source keeps its place (journal cursor); created when first needed.</param>
    public static Platform Create(string stateFolder)
    {
        ArgumentNullException.ThrowIfNull(stateFolder);
        var processes = new ProcessTable(TimeProvider.System);
        var platform = new Platform
        {
            Name = "Linux",
            Capabilities = LinuxCapabilities.Measure(),
            Sockets = new SocketTable(processes, TimeProvider.System),
            Processes = processes,
            Striker = new Striker(),
            Notifier = new DesktopNotifier(TimeProvider.System),
            Sources = [new KernelSource(processes, TimeProvider.System), new JournalSource(stateFolder, TimeProvider.System)],
            RunSensorAsync = (onReady, stop) => new SystemSensor.SensorService(SensorProtocol.SocketPath).RunAsync(onReady, stop),
            FileIdentity = RegularFile.Identify,
            OpenRegularFile = RegularFile.Open,
            Service = Service(static () => new SystemdService(Systemctl.Installed, ServiceUnit.Watcher(SystemdSurroundings.OfThisUser()))),
            SensorService = Service(static () => new SystemdService(Systemctl.OfSystem, ServiceUnit.Sensor(SensorUnit.Folder))),
            FileOwner = path => PathStatus.TryRead(path, out Libc.StatxBuffer status) ? (status.stx_uid, status.stx_gid) : null,
            PeerOf = PeerReader.Read,
            OpenJournal = static () => JournalWriter.TryOpen() is { } journal ? journal.Write : null,
        };
        return platform with { CheckAsync = new LinuxDoctor(platform).CheckAsync };
    }

    // Built when it is asked for: a user's name may have to come over a slow network.
    private static UserService Service(Func<SystemdService> build) => new()
    {
        InstallAsync = (program, cancellation) => build().InstallAsync(program, cancellation),
        Draft = program => build().Draft(program),
        UninstallAsync = cancellation => build().UninstallAsync(cancellation),
        StatusAsync = cancellation => build().StatusAsync(cancellation),
    };
}
