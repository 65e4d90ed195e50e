using PortiaWatch.Darwin.Interop;
using PortiaWatch.Darwin.Launchd;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Darwin.Sockets;

/// <summary>The kernel's control blocks, joined with the descriptors that processes have on their sockets.</summary>
/// <param name="machNames">Answers for a path that begins with <see cref="MachNames.Prefix"/>.</param>
internal sealed class SocketTable(MachNames machNames) : ISocketTable
{
    // A socket seen in the list and open nowhere was closed in between; one more look tells.
    private const int Looks = 2;

    // A flow of the user-space stack has an owner and no socket; 0 would say that nobody owns it.
    private const ulong NoHandle = ulong.MaxValue;

    public Occupancy Blocking(Endpoint endpoint, int? contenderPid = null, ulong? foreignNetwork = null)
    {
        if (endpoint.Path is { } path)
            return path.StartsWith(MachNames.Prefix, StringComparison.Ordinal) ? machNames.Blocking(path) : UnixSockets.Blocking(path);
        if (endpoint.Port is not { } port)
            return new Occupancy { State = PortState.Unknown, Limit = "The message does not name the port." };
        Transport transport = endpoint.Transport == Transport.Udp ? Transport.Udp : Transport.Tcp;
        IReadOnlyList<BindTarget> targets = BindTarget.Of(endpoint.Address);
        for (int look = 1; ; look++)
        {
            Pcblist list = Pcblist.Read(transport, (in PcblistReader row) => row.LocalPort == port);
            if (list.Errno != 0)
                return VisibleSockets.Blocking(transport, port, targets);
            List<Pcb> blocking = Blockers(list.Rows, targets);
            if (blocking.Count == 0)
            {
                // Refused although nothing was there: somebody may have come in between, so that a reservation needs a second look.
                Occupancy unheld = Unheld(endpoint, list);
                if (unheld.State == PortState.Reserved && look < Looks)
                    continue;
                return unheld;
            }

            HolderSearch search = HolderSearch.For(blocking);
            if (look < Looks && blocking.Exists(row => IsVanishing(row, search)))
                continue;
            return Held(blocking, search);
        }
    }

    public IReadOnlyList<SocketOwner> Listeners()
    {
        List<Pcb> rows =
        [
            .. Pcblist.Read(Transport.Tcp, (in PcblistReader row) => row.LocalPort != 0 && (row.State == Pcb.TCPS_LISTEN || (row.Options & libSystem.SO_ACCEPTCONN) != 0)).Rows,
            .. Pcblist.Read(Transport.Udp, (in PcblistReader row) => row.LocalPort != 0).Rows.Where(row => row.RemotePort == 0),
        ];
        HolderSearch search = HolderSearch.For(rows);
        List<SocketOwner> owners = [.. rows.SelectMany(row => Owners(row, search))];
        owners.AddRange(UnixSockets.Listening(new DescriptorScan(), _ => true, (_, _, _, in _) => { }));
        return owners;
    }

    public bool StillHolds(SocketOwner owner) => owner.Process is { } process && HolderSearch.Holds(process, owner.Socket, owner.Descriptor);

    public bool? CanBind(Endpoint endpoint) => BindProbe.Try(endpoint);

    /// <summary>What stands in the way, the plainest reason only: a listener, else connections that outlived it, else what is left of those.</summary>
    internal static List<Pcb> Blockers(IEnumerable<Pcb> rows, IReadOnlyList<BindTarget> targets)
    {
        List<Pcb> meeting = [.. rows.Where(row => !row.IsInAcceptQueue && targets.Any(target => target.MeetsWith(row)))];
        List<Pcb> blocking = meeting.FindAll(row => row.Use is SocketUse.Listening or SocketUse.Bound);
        if (blocking.Count == 0)
            blocking = meeting.FindAll(row => row.Use == SocketUse.Connected);
        if (blocking.Count == 0)
            blocking = meeting;

        // A holder of the very address before one that only covers it; listeners before what is merely bound.
        return [.. blocking.OrderBy(row => !targets.Any(target => target.IsExactly(row))).ThenBy(row => row.Use)];
    }

    private static Occupancy Unheld(Endpoint endpoint, Pcblist list)
    {
        if (!list.IsComplete)
            return new Occupancy { State = PortState.Unknown, Limit = "The list of sockets changed too fast to be read whole; try again." };
        bool isRestricted = endpoint is { Port: Explanation.RestrictedPort, Transport: not Transport.Udp };
        return isRestricted || BindProbe.Try(endpoint) == false
            ? new Occupancy { State = PortState.Reserved, Limit = Explanation.Reserved(endpoint) }
            : Occupancy.Free;
    }

    private static bool IsVanishing(Pcb row, HolderSearch search) =>
        row.HasSocket && row.LastPid > 1 && row.Use != SocketUse.TimeWait && search.HoldersOf(row.Socket).Count == 0
        && !search.Refused.Contains(row.LastPid) && row.Uid == libSystem.geteuid();

    private static Occupancy Held(List<Pcb> rows, HolderSearch search)
    {
        List<string> limits = [];
        foreach (Pcb row in rows)
        {
            if (search.HoldersOf(row.Socket).Count == 0)
                limits.Add(Explanation.NoHolder(row, search.Refused));
            else if (IsAlsoHeldByAnother(row, search))
                limits.Add(Explanation.AlsoHeld(row));
        }

        return new Occupancy
        {
            State = rows.TrueForAll(row => row.Use == SocketUse.TimeWait) ? PortState.TimeWait : PortState.Held,
            Owners = [.. rows.SelectMany(row => Owners(row, search))],
            Limit = limits.Count > 0 ? string.Join(' ', limits.Distinct()) : null,
        };
    }

    private static IEnumerable<SocketOwner> Owners(Pcb row, HolderSearch search)
    {
        // What is left of a closed connection has no owner, whoever used it last.
        bool isTimeWait = row.Use == SocketUse.TimeWait;
        SocketOwner unnamed = new()
        {
            Endpoint = row.Endpoint,
            Use = row.Use,
            Socket = isTimeWait || IsKernels(row) ? 0 : row.HasSocket ? row.Socket : NoHandle,
            Uid = row.IsUserSpaceFlow ? null : row.Uid,
            Unit = row is { LastPid: 1, Uid: 0 } ? "launchd" : null,
        };
        IReadOnlyList<OpenSocket> holders = isTimeWait ? [] : search.HoldersOf(row.Socket);
        foreach (OpenSocket holder in holders)
            yield return unnamed with { Socket = row.Socket, Process = holder.Process, Descriptor = holder.IsFileport ? null : holder.Number, Unit = null };
        if (holders.Count == 0 || IsAlsoHeldByAnother(row, search))
            yield return unnamed;
    }

    private static bool IsKernels(Pcb row) => row.LastPid == 0 && !row.IsUserSpaceFlow;

    private static bool IsAlsoHeldByAnother(Pcb row, HolderSearch search) => search.Refused.Contains(row.LastPid);
}
