using System.Collections.Frozen;
using PortiaWatch.Linux.Processes;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Sockets;

/// <summary>
/// Remembers which descriptors were on a socket, so that the next lookup need not read every descriptor of the machine. Nothing is believed: each remembered descriptor is
/// looked at again with the identity of its process, and every process born since is searched. What this cannot see is a descriptor that was passed to a process which lived
/// already; therefore a memory is short. Thread-safe.
/// </summary>
internal sealed class DescriptorMemory(TimeProvider time)
{
    private const int MostSockets = 256;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<ulong, Memory> _sockets = [];

    /// <summary>Every descriptor on the sockets, if all of them are remembered and nothing contradicts; else null.</summary>
    public List<SocketDescriptor>? Recall(IReadOnlyCollection<ulong> inodes)
    {
        var found = new List<SocketDescriptor>();
        int earliest = 0;
        long oldest = long.MaxValue;
        lock (_lock)
        {
            foreach (ulong inode in inodes)
            {
                if (!_sockets.TryGetValue(inode, out Memory? memory) || time.GetElapsedTime(memory.At) > Longest)
                    return null;
                if (memory.At < oldest)
                    (oldest, earliest) = (memory.At, memory.LastPid);
                found.AddRange(memory.Descriptors);
            }
        }

        if (Births.Between(earliest, Births.LastPid()) is not { } born)
            return null;
        if (!AreTrue(found))
            return null;
        if (born.Count > 0)
            SearchNewborn(born, inodes, found);
        return found;
    }

    /// <summary>True when the sockets' owners can be told without asking anybody else: nobody was born since, and each remembered descriptor is still there.</summary>
    public bool IsUnchanged(ulong inode)
    {
        Memory? memory;
        lock (_lock)
        {
            if (!_sockets.TryGetValue(inode, out memory) || time.GetElapsedTime(memory.At) > Longest)
                return false;
        }

        return memory.LastPid != 0 && memory.LastPid == Births.LastPid() && AreTrue(memory.Descriptors);
    }

    /// <summary>Keeps what a complete search found. <paramref name="lastPid"/> must have been read before the search began.</summary>
    public void Remember(IEnumerable<ulong> inodes, IReadOnlyList<SocketDescriptor> found, int lastPid)
    {
        ILookup<ulong, SocketDescriptor> byInode = found.ToLookup(descriptor => descriptor.Inode);
        long now = time.GetTimestamp();
        lock (_lock)
        {
            if (_sockets.Count > MostSockets)
                _sockets.Clear();
            foreach (ulong inode in inodes)
            {
                // A socket that nobody was found for is searched for again each time.
                if (byInode.Contains(inode))
                    _sockets[inode] = new Memory([.. byInode[inode]], lastPid, now);
            }
        }
    }

    // Each process once, and after its links: whoever has the pid then has had it all the while.
    private static bool AreTrue(List<SocketDescriptor> descriptors)
    {
        var processes = new HashSet<ProcessIdentity>();
        foreach (SocketDescriptor descriptor in descriptors)
        {
            if (!DescriptorLink.IsOn(descriptor.Process.Pid, descriptor.Number, descriptor.Inode))
                return false;
            processes.Add(descriptor.Process);
        }

        return processes.All(process => IdentityReader.Read(process.Pid) == process);
    }

    private static void SearchNewborn(List<int> born, IReadOnlyCollection<ulong> inodes, List<SocketDescriptor> found)
    {
        FrozenSet<ulong> wanted = inodes.ToFrozenSet();
        foreach (int pid in born)
        {
            if (!found.Exists(descriptor => descriptor.Process.Pid == pid))
                DescriptorScan.Scan(pid, "fd"u8, 0, wanted, found);
        }
    }

    private sealed record Memory(List<SocketDescriptor> Descriptors, int LastPid, long At);
}
