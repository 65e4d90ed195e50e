using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Darwin.Sockets;

/// <summary>Stands where the socket table cannot be read: everything is unknown, nothing is ever free.</summary>
internal sealed class UnreadSocketTable(string limit) : ISocketTable
{
    public Occupancy Blocking(Endpoint endpoint, int? contenderPid = null) => new() { State = PortState.Unknown, Limit = limit };

    public IReadOnlyList<SocketOwner> Listeners() => [];

    public bool StillHolds(SocketOwner owner) => false;

    public bool? CanBind(Endpoint endpoint) => null;
}
