using System.Net;
using PortiaWatch.Linux.Processes;
using PortiaWatch.Linux.Systemd;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Sockets;

/// <summary>
/// The kernel's sockets with their owners. What listens or is bound is asked for first; connections count only where nobody listens or is bound any more: they are what
/// a holder leaves behind, and while it lives they would only name its clients' counterparts a second time.
/// </summary>
internal sealed class SocketTable : ISocketTable, IDisposable
{
    private readonly DiagSession _session;
    private readonly SocketOwners _owners;
    private readonly UnixEndpoints _unix;
    private readonly RecentAnswers _recent;

    public SocketTable(IProcessTable processes, TimeProvider time)
        : this(processes, time, new DiagSession())
    {
    }

    /// <summary>Takes over the session.</summary>
    internal SocketTable(IProcessTable processes, TimeProvider time, DiagSession session)
    {
        _session = session;
        var memory = new DescriptorMemory(time);
        _recent = new RecentAnswers(_session, memory);
        _owners = new SocketOwners(processes, new CgroupFolders(), memory);
        _unix = new UnixEndpoints(_session, _owners);
    }

    public Occupancy Blocking(Endpoint endpoint, int? contenderPid = null, ulong? foreignNetwork = null)
    {
        if (endpoint.Transport == Transport.Unix || (endpoint.Transport is null && endpoint.Path is not null))
            return _unix.Blocking(endpoint, contenderPid, foreignNetwork);
        if (endpoint.Port is not { } port)
            return new Occupancy { State = PortState.Unknown, Limit = "The port is not known, so nobody can be asked who holds it." };
        bool foreign = contenderPid is { } pid && NetworkNamespace.IsForeign(pid);
        if (foreignNetwork is not null && !foreign)
            return OutOfSight;
        Transport transport = endpoint.Transport ?? Transport.Tcp;
        if (!foreign && _recent.Recall(endpoint) is { } recent)
            return recent;
        NamespaceReader reader = foreign ? NamespaceReader.Of(contenderPid!.Value) : new NamespaceReader(_session);

        // An owner that cannot be found although we may look everywhere has most likely just ended, and the kernel is closing its socket: look once more.
        for (int look = 1; Blockers(reader, endpoint, transport, port) is { Count: > 0 } sockets; look++)
        {
            Occupancy occupancy = _owners.Occupancy(sockets);
            if (look == 1 && _owners.LacksVisibleOwner(occupancy))
                continue;
            if (!foreign && transport == Transport.Tcp)
                _recent.Keep(endpoint, sockets, occupancy);
            return occupancy;
        }

        if (reader.HasLostSight)
            return OutOfSight;
        return reader.SeesBoundSockets || !reader.IsOurs || BindProbe.Try(endpoint) != false ? Occupancy.Free : Hidden;
    }

    public IReadOnlyList<SocketOwner> Listeners()
    {
        List<KernelSocket> sockets = _session.Read(Transport.Tcp, SocketStates.Listening, 0);
        sockets.AddRange(_session.Read(Transport.Udp, 1u << SocketStates.Close, 0));
        sockets.Sort((a, b) => (a.Port, a.Transport).CompareTo((b.Port, b.Transport)));
        return _owners.Owners([.. sockets.Select(OwnedSocket.Of), .. _unix.Listening()]);
    }

    public bool StillHolds(SocketOwner owner)
    {
        if (owner.Process is not { } process || owner.Socket == 0 || IdentityReader.Read(process.Pid)?.Generation != process.Generation)
            return false;
        if (owner.Descriptor is { } number && DescriptorLink.IsOn(process.Pid, number, owner.Socket))
            return true;

        // It may have moved to another number.
        var found = new List<SocketDescriptor>(1);
        DescriptorScan.Scan(process.Pid, "fd"u8, owner.Socket, null, found, stopAtFirst: true);
        return found.Count > 0;
    }

    public bool? CanBind(Endpoint endpoint) => BindProbe.Try(endpoint);

    public bool? CanBind(Endpoint endpoint, int? contenderPid, ulong? foreignNetwork = null)
    {
        if (contenderPid is not { } pid || !NetworkNamespace.IsForeign(pid))
            return foreignNetwork is null ? CanBind(endpoint) : null;
        bool? answer = null;
        _ = NetworkNamespace.TryRun(pid, () => answer = BindProbe.Try(endpoint));
        return answer;
    }

    public void Dispose() => _session.Dispose();

    internal static Occupancy OutOfSight { get; } = new()
    {
        State = PortState.Unknown,
        Limit = "It was refused in another network namespace, which cannot be looked into once the refused process is gone.",
    };

    private static Occupancy Hidden { get; } = new()
    {
        State = PortState.Reserved,
        Limit = "No socket can be seen on it and still the kernel refuses it: most likely a program has bound it without listening, which this kernel does not show.",
    };

    private static List<KernelSocket> Blockers(NamespaceReader reader, Endpoint endpoint, Transport transport, int port)
    {
        IReadOnlyList<BindTarget> targets = BindTarget.Of(endpoint.Address);
        List<KernelSocket> Meeting(uint states) => reader.Read(transport, states, port).FindAll(socket => targets.Any(target => target.MeetsWith(socket.Address, socket.IsV6Only)));

        List<KernelSocket> sockets;
        if (transport == Transport.Udp)
        {
            sockets = Meeting(SocketStates.All);
            if (sockets.Exists(socket => socket.Use == SocketUse.Bound))
                sockets.RemoveAll(socket => socket.Use == SocketUse.Connected);
        }
        else if ((sockets = Meeting(SocketStates.Listening | SocketStates.Bound)).Count == 0)
            sockets = Meeting(SocketStates.Connections);
        return reader.IsOurs ? WithoutDoubtful(sockets, targets, endpoint) : sockets;
    }

    // Where the kernel does not tell whether an IPv6 socket takes IPv4 as well, a bind does.
    private static List<KernelSocket> WithoutDoubtful(List<KernelSocket> sockets, IReadOnlyList<BindTarget> targets, Endpoint endpoint)
    {
        bool IsDoubtful(KernelSocket socket) => targets.Any(target => target.IsDoubtful(socket));
        bool IsWildcard(KernelSocket socket) => IsDoubtful(socket) && socket.Address.Equals(IPAddress.IPv6Any);
        if (sockets.Exists(IsWildcard) && BindProbe.Try(endpoint with { Address = BindProbe.UnusedLoopback }) == true)
            sockets.RemoveAll(IsWildcard);
        return sockets.Count > 0 && sockets.TrueForAll(IsDoubtful) && BindProbe.Try(endpoint) == true ? [] : sockets;
    }
}
