using PortiaWatch.Darwin.Interop;
using PortiaWatch.Darwin.Processes;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Darwin.Sockets;

/// <summary>
/// Finds who really has given sockets open. The pids in the kernel's list say who used a socket last, which after fork, exec or a passed descriptor is somebody else than
/// its holder; the join of xso_so with soi_so is exact. All holders count: the port stays taken until the last of them closes.
/// </summary>
internal sealed class HolderSearch
{
    private readonly DescriptorScan _scan = new();
    private readonly Dictionary<ulong, List<OpenSocket>> _holders = [];

    private HolderSearch()
    {
    }

    /// <summary>Processes that did not let us look: the holder may be among them.</summary>
    public IReadOnlySet<int> Refused => _scan.Refused;

    public IReadOnlyList<OpenSocket> HoldersOf(ulong socket) => _holders.TryGetValue(socket, out List<OpenSocket>? found) ? found : [];

    /// <summary>Looks through all processes for the sockets of <paramref name="rows"/>, the hinted ones first.</summary>
    public static HolderSearch For(IReadOnlyList<Pcb> rows)
    {
        HolderSearch search = new();
        foreach (Pcb row in rows)
        {
            if (row.HasSocket)
                search._holders[row.Socket] = [];
        }

        if (search._holders.Count > 0)
            search._scan.VisitAll(rows.SelectMany(row => (int[])[row.LastPid, row.EffectivePid]), search.Take);
        return search;
    }

    /// <summary>True when the process still has that very socket open.</summary>
    public static bool Holds(ProcessIdentity process, ulong socket, int? descriptor)
    {
        if (socket == 0 || IdentityReader.Read(process.Pid) != process)
            return false;
        bool found = descriptor is { } number && IsOpen(process.Pid, number, false, socket);
        if (!found)
            new DescriptorScan().Visit(process.Pid, (int _, int _, bool _, in socket_fdinfo open) => found |= open.psi_soi_so == socket);
        return found && IdentityReader.Read(process.Pid) == process;
    }

    private void Take(int pid, int number, bool isFileport, in socket_fdinfo open)
    {
        if (!_holders.TryGetValue(open.psi_soi_so, out List<OpenSocket>? found) || found.Exists(one => one.Process.Pid == pid))
            return;

        // The pid may have been given away between the listing and now: only an identity that stays the same around a second look counts.
        if (IdentityReader.Read(pid) is { } identity && IsOpen(pid, number, isFileport, open.psi_soi_so) && IdentityReader.Read(pid) == identity)
            found.Add(new OpenSocket(identity, number, isFileport));
    }

    private static bool IsOpen(int pid, int number, bool isFileport, ulong socket)
    {
        bool isThere = isFileport
            ? libSystem.proc_pidfileportinfo(pid, (uint)number, libSystem.PROC_PIDFILEPORTSOCKETINFO, out socket_fdinfo info)
            : libSystem.proc_pidfdinfo(pid, number, libSystem.PROC_PIDFDSOCKETINFO, out info);
        return isThere && info.psi_soi_so == socket;
    }
}
