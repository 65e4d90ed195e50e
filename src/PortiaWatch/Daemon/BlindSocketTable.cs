using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Daemon;

/// <summary>The socket table of Lite: it sees nothing and says so, so that nothing is ever called free and nobody is ever named or struck.</summary>
internal sealed class BlindSocketTable(string why) : ISocketTable
{
    public Occupancy Blocking(Endpoint endpoint, int? contenderPid = null, ulong? foreignNetwork = null) => new() { State = PortState.Unknown, Limit = why };

    public IReadOnlyList<SocketOwner> Listeners() => [];

    public bool StillHolds(SocketOwner owner) => false;

    public bool? CanBind(Endpoint endpoint) => null;
}
