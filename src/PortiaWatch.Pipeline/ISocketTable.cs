using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline;

/// <summary>The kernel's table of sockets, and who has descriptors on them. Thread-safe; never throws for what the system refuses (see <see cref="Occupancy.Limit"/>).</summary>
public interface ISocketTable
{
    /// <summary>
    /// What blocks a bind to <paramref name="endpoint"/> right now, by the kernel's own conflict rules. An endpoint without an address means "on any address";
    /// a null transport means tcp. <paramref name="contenderPid"/> selects the network namespace of a live process; null means ours.
    /// <paramref name="foreignNetwork"/> says that this is known to be another than ours: once it can no longer be seen the answer is unknown, never what ours has.
    /// </summary>
    Occupancy Blocking(Endpoint endpoint, int? contenderPid = null, ulong? foreignNetwork = null);

    /// <summary>Every listening tcp socket, bound udp socket and listening unix socket with its owners, ours and those of others.</summary>
    IReadOnlyList<SocketOwner> Listeners();

    /// <summary>True when the process of <paramref name="owner"/> still has a descriptor on that very socket.</summary>
    bool StillHolds(SocketOwner owner);

    /// <summary>
    /// Whether a plain bind (no SO_REUSEADDR) to <paramref name="endpoint"/> would succeed, found out by doing it and closing at once. Null when it cannot be tried
    /// (no right to the port, unix path, address not ours).
    /// </summary>
    bool? CanBind(Endpoint endpoint);

    /// <summary>The same in the network namespace of a live process; null selects ours. Platforms without namespaces have only one.</summary>
    bool? CanBind(Endpoint endpoint, int? contenderPid, ulong? foreignNetwork = null) => CanBind(endpoint);
}
