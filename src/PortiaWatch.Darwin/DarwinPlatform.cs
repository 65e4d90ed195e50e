using PortiaWatch.Darwin.Files;
using PortiaWatch.Darwin.Interop;
using PortiaWatch.Darwin.Launchd;
using PortiaWatch.Darwin.LogStream;
using PortiaWatch.Darwin.Notifications;
using PortiaWatch.Darwin.Processes;
using PortiaWatch.Darwin.Signals;
using PortiaWatch.Darwin.Sockets;
using PortiaWatch.Pipeline;

namespace PortiaWatch.Darwin;

/// <summary>Builds the macOS <see cref="Platform"/>.</summary>
public static class DarwinPlatform
{
    /// <summary>Measures what works here and builds the parts. Opens nothing that stays open until it is used.</summary>
    /// <param name="stateFolder">Where a source keeps its place; created when first needed.</param>
    public static Platform Create(string stateFolder) => Create(stateFolder, new Surroundings());

    /// <summary>As <see cref="Create(string)"/>, in other surroundings.</summary>
    internal static Platform Create(string stateFolder, Surroundings surroundings)
    {
        ArgumentException.ThrowIfNullOrEmpty(stateFolder);
        Launchctl launchctl = new(surroundings.Launchctl);
        Capabilities capabilities = DarwinCapabilities.Measure(surroundings, launchctl);
        LaunchAgent agent = new(surroundings, stateFolder);
        return new Platform
        {
            Name = "macOS",
            Capabilities = capabilities,
            Sockets = new SocketTable(new MachNames(launchctl.Print, libSystem.geteuid())),
            Processes = new ProcessTable(new LaunchdJobs(launchctl.Print, surroundings.Time), surroundings.Home),
            Striker = capabilities.Has(Capability.Signal) ? new Striker(TokenSignal.Find(surroundings.Library)) : new UnarmedStriker(),
            Notifier = capabilities.Has(Capability.NotifyWithButtons) ? new MacNotifier(surroundings) : new SilentNotifier(capabilities.Limits[Capability.NotifyWithButtons]),
            Sources = [new LogStreamSource(surroundings)],
            FileIdentity = FileIdentity.Of,
            PeerOf = PeerReader.Read,
            DefaultFiles = () => DefaultFiles.Find(surroundings, stateFolder),
            CheckAsync = new Doctor(surroundings, capabilities, agent, stateFolder).CheckAsync,
            Service = Service(agent),
        };
    }

    private static UserService Service(LaunchAgent agent)
    {
        return new UserService
        {
            InstallAsync = async (program, cancellation) => Report(await agent.InstallAsync(program, cancellation)),
            Draft = agent.Draft,
            UninstallAsync = async cancellation => Report(await agent.UninstallAsync(cancellation)),
            StatusAsync = async cancellation => Report(await agent.StatusAsync(cancellation)),
        };

        UserServiceReport Report(AgentReport report) =>
            new(report.State != AgentState.NotInstalled, report.IsWell, report.Pid, report.Sentence, report.NextStep, agent.PropertyList);
    }
}
