using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Tests.Storms;

/// <summary>The system's own; once a signal was sent, each answer whether the port is free is a border.</summary>
internal sealed class BorderSockets(ISocketTable inner, Border border) : ISocketTable
{
    public Occupancy Blocking(Endpoint endpoint, int? contenderPid = null, ulong? foreignNetwork = null) => inner.Blocking(endpoint, contenderPid, foreignNetwork);

    public IReadOnlyList<SocketOwner> Listeners() => inner.Listeners();

    public bool StillHolds(SocketOwner owner) => inner.StillHolds(owner);

    public bool? CanBind(Endpoint endpoint) => CanBind(endpoint, contenderPid: null);

    public bool? CanBind(Endpoint endpoint, int? contenderPid, ulong? foreignNetwork = null)
    {
        bool? isFree = inner.CanBind(endpoint, contenderPid, foreignNetwork);
        border.ReachVerified();
        return isFree;
    }
}
