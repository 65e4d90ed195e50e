using PortiaWatch.Linux.Processes;
using PortiaWatch.Linux.Systemd;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Sockets;

/// <summary>From sockets to the processes that hold them, and to what can be said where a process cannot be seen.</summary>
internal sealed class SocketOwners(IProcessTable processes, CgroupFolders cgroups, DescriptorMemory memory)
{
    /// <summary>The answer for sockets that block an endpoint; there must be at least one.</summary>
    public Occupancy Occupancy(IReadOnlyList<KernelSocket> sockets)
    {
        if (sockets.All(socket => socket.Use == SocketUse.TimeWait))
        {
            return new Occupancy
            {
                State = PortState.TimeWait,
                Owners = Owners([.. sockets.Select(OwnedSocket.Of)]),
                ClearsIn = sockets.Max(socket => socket.ClearsIn),
            };
        }

        // Once somebody holds it, what closed connections leave behind is no news.
        return Held([.. sockets.Where(socket => socket.Use != SocketUse.TimeWait).Select(OwnedSocket.Of)]);
    }

    public Occupancy Held(IReadOnlyList<OwnedSocket> sockets)
    {
        List<SocketOwner> owners = Owners(sockets);
        return new Occupancy { State = PortState.Held, Owners = owners, Limit = LimitOf(owners) };
    }

    /// <summary>One entry per process and socket, and one without a process for each socket whose owner cannot be seen.</summary>
    public List<SocketOwner> Owners(IReadOnlyList<OwnedSocket> sockets)
    {
        HashSet<ulong> inodes = [.. sockets.Select(socket => socket.Inode).Where(inode => inode != 0)];
        ILookup<ulong, SocketDescriptor> found = Find(inodes).ToLookup(descriptor => descriptor.Inode);
        var owners = new List<SocketOwner>(sockets.Count);
        foreach (OwnedSocket socket in sockets)
        {
            var unowned = new SocketOwner { Endpoint = socket.Endpoint, Use = socket.Use, Socket = socket.Inode, Uid = socket.Uid };
            int before = owners.Count;
            foreach (IGrouping<ProcessIdentity, SocketDescriptor> process in found[socket.Inode].GroupBy(descriptor => descriptor.Process))
                owners.Add(unowned with { Process = process.Key, Descriptor = process.First().Number });
            if (owners.Count == before)
                owners.Add(unowned with { Unit = cgroups.Unit(socket.Cgroup) });
        }

        return owners;
    }

    /// <summary>
    /// True when a socket seems to belong to nobody although its owner would be one whose descriptors we may read. One that listens and has no inode is just being closed,
    /// or the kernel's own.
    /// </summary>
    public bool LacksVisibleOwner(Occupancy occupancy) => occupancy.Owners.Any(owner =>
        owner.Process is null && (owner.Socket != 0 || owner.Use == SocketUse.Listening) && (processes.CurrentUser == 0 || owner.Uid == processes.CurrentUser));

    private List<SocketDescriptor> Find(HashSet<ulong> inodes)
    {
        if (inodes.Count == 0)
            return [];
        if (memory.Recall(inodes) is { } remembered)
            return remembered;
        int lastPid = Births.LastPid();
        List<int> pids = ProcessList.Pids();
        List<SocketDescriptor> found = DescriptorScan.FindAll(inodes, pids);
        HashSet<ulong> missing = [.. inodes];
        missing.ExceptWith(found.Select(descriptor => descriptor.Inode));
        if (missing.Count > 0)
            found.AddRange(DescriptorScan.FindInLeaderless(missing, pids));
        memory.Remember(inodes, found, lastPid);
        return found;
    }

    private string? LimitOf(List<SocketOwner> owners)
    {
        SocketOwner[] unseen = owners.FindAll(owner => owner.Process is null).ToArray();
        if (unseen.Length == 0)
            return null;
        if (unseen.All(owner => owner.Socket == 0))
            return "It belongs to the kernel itself: no process has a descriptor on it.";
        uint? uid = unseen[0].Uid;
        if (uid is { } other && other != processes.CurrentUser && processes.CurrentUser != 0)
            return $"It belongs to user {processes.UserName(other)}; only root can say which process it is.";
        return "No process that we may look into has a descriptor on it; it may live where we cannot see (another pid namespace, or hidden by /proc's options).";
    }
}
