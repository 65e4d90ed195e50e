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
    public static Platform Create(string stateFolder)
    {
        ArgumentException.ThrowIfNullOrEmpty(stateFolder);
        const string sockets = "This build cannot read the socket table of macOS yet.";
        return new Platform
        {
            Name = "macOS",
            Capabilities = new Capabilities(Capability.None, new Dictionary<Capability, string>
            {
                [Capability.ReadSystemLog] = "This build cannot follow log stream yet.",
                [Capability.SeeKernelEvents] = "macOS reports no kernel event for a refused bind; use portia run, log files or the system log.",
                [Capability.ReadSocketTable] = sockets,
                [Capability.InspectOthers] = "This build cannot inspect processes on macOS yet.",
                [Capability.Signal] = "This build cannot signal processes on macOS yet.",
                [Capability.NotifyWithButtons] = "This build cannot show questions on macOS yet.",
            }),
            Sockets = new UnreadSocketTable(sockets),
            Processes = new UnreadProcessTable(),
            Striker = new UnarmedStriker(),
            Notifier = new SilentNotifier("This build cannot show notifications on macOS yet."),
            Sources = [],
            FileIdentity = static _ => null,
        };
    }
}
