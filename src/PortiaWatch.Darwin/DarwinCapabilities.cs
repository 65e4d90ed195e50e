using PortiaWatch.Darwin.Interop;
using PortiaWatch.Darwin.Launchd;
using PortiaWatch.Darwin.Processes;
using PortiaWatch.Pipeline;

namespace PortiaWatch.Darwin;

/// <summary>Measures what works here by doing it: a sandbox and a missing right look the same from inside. Nothing stays open, nothing is signalled.</summary>
internal static class DarwinCapabilities
{
    // <membership.h>: the group that may follow the log.
    private const uint AdminGroup = 80;

    private const int NoSignal = 0;
    private const int RefusalsThatTell = 16;

    public static Capabilities Measure(Surroundings surroundings, Launchctl launchctl)
    {
        Dictionary<Capability, string> limits = new()
        {
            [Capability.SeeKernelEvents] = "macOS has no kernel event for a refused bind that an ordinary program may see; use log files, piped output and the system log.",
        };
        Capability present = Capability.None;
        Note(Capability.ReadSocketTable, CanReadSockets(), "macOS does not let this process read the list of sockets (App Sandbox?): only your own programs' sockets are seen. Run portia outside the sandbox.");
        Note(Capability.InspectOthers, libSystem.geteuid() == 0, "Processes of other users can be named only by root; their ports are shown with the user alone. For one port: sudo portia who PORT.");
        Note(Capability.Signal, CanSignal(), "macOS does not let this process stop others (App Sandbox?): it only detects and tells. Run portia outside the sandbox.");
        Note(Capability.ReadSystemLog, CanFollowLog(surroundings), "log stream is only for administrators of this Mac; log files and piped output work without.");
        Note(Capability.NotifyWithButtons, CanAsk(surroundings, launchctl), "There is no graphical session to ask in (SSH, or no osascript); portia free PORT works everywhere.");
        return new Capabilities(present, limits);

        void Note(Capability capability, bool works, string limit)
        {
            if (works)
                present |= capability;
            else
                limits[capability] = limit;
        }
    }

    private static bool CanReadSockets() => libSystem.sysctlbyname("net.inet.tcp.pcblist_n", [], out _) == 0;

    // Asks for the permission only. The uid rule grants it for processes whose real user is ours, so that refusals come from a policy; one guarded program is not all.
    private static bool CanSignal()
    {
        int refusals = 0;
        foreach (int pid in ProcessList.OfRealUser(libSystem.geteuid()))
        {
            if (pid <= 1 || pid == Environment.ProcessId)
                continue;
            int errno = libSystem.kill(pid, NoSignal);
            if (errno == 0)
                return true;
            if (errno == libSystem.EPERM && ++refusals == RefusalsThatTell)
                return false;
        }

        // Nobody to try it on; a sandbox that hides all others would not let us stop them.
        return refusals == 0 && ProcessList.All().Length > 1;
    }

    private static bool CanFollowLog(Surroundings surroundings) =>
        File.Exists(surroundings.Log) && (libSystem.geteuid() == 0 || libSystem.getgroups().Contains(AdminGroup));

    private static bool CanAsk(Surroundings surroundings, Launchctl launchctl) => File.Exists(surroundings.Osascript) && launchctl.ManagerName() == "Aqua";
}
