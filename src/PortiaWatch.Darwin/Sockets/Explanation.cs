using System.Globalization;
using PortiaWatch.Darwin.Interop;
using PortiaWatch.Darwin.Processes;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Darwin.Sockets;

/// <summary>The plain sentence for a socket whose holder cannot be proven, and for a port that nothing visible holds.</summary>
internal static class Explanation
{
    /// <summary>Why nobody can be named for <paramref name="row"/>.</summary>
    public static string NoHolder(Pcb row, IReadOnlySet<int> refused)
    {
        if (row.Use == SocketUse.TimeWait)
            return "Closed connections keep the port for up to 30 seconds (TIME_WAIT); no process owns them.";
        string ask = $"Run: sudo portia who {Target(row)}";
        if (row.IsUserSpaceFlow)
            return $"{Name(row.LastPid)} holds the port through macOS's user-space network stack, which shows no descriptor to prove it.";
        if (row.LastPid == 0)
            return "macOS itself (the kernel) holds the port; there is no process to stop.";
        if (row.LastPid == 1)
            return $"launchd holds the port for a service of {User(row.Uid)} that it starts on demand; switch that service off. {ask}";
        if (refused.Contains(row.LastPid))
            return $"The socket belongs to another user's process ({User(row.Uid)}); {Name(row.LastPid)} used it last. {ask}";
        return row.Uid != libSystem.geteuid() || refused.Count > 0
            ? $"The socket was opened by {User(row.Uid)} and none of your own processes has it open. {ask}"
            : "No process has the socket open; it is on its way between two processes, or just being closed.";
    }

    /// <summary>The holder was found, and a second one that may not be looked at.</summary>
    public static string AlsoHeld(Pcb row) => row.LastPid == 1
        ? "launchd holds the same socket: stopping the process does not free the port, launchd would start it again."
        : $"{Name(row.LastPid)} of another user has used the same socket: the port may stay taken after your own process ends.";

    /// <summary>No control block has the port and still it cannot be bound.</summary>
    public static string Reserved(Endpoint endpoint) => endpoint is { Port: RestrictedPort, Transport: not Transport.Udp }
        ? "macOS keeps TCP port 55555 for itself (restricted, not even root may bind it); no process holds it. Use another port."
        : "No socket holds the port and macOS still refuses it: a network extension, a packet filter or a virtual machine has reserved it.";

    /// <summary>bsd/netinet/restricted_in_port.c, since macOS 11: needs an entitlement that only Apple has.</summary>
    public const int RestrictedPort = 55555;

    private static string Target(Pcb row) => string.Create(CultureInfo.InvariantCulture, $"{(row.Transport == Transport.Udp ? "udp/" : "")}{row.LocalPort}");

    private static string Name(int pid) => ProcessReading.Brief(pid) is { } brief ? $"{PlainText.Clean(brief.Name, 32)} (pid {pid})" : $"a process that has ended (pid {pid})";

    private static string User(uint uid) => libSystem.user_from_uid(uid) ?? string.Create(CultureInfo.InvariantCulture, $"uid {uid}");
}
