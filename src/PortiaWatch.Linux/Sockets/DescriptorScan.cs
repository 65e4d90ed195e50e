using System.Buffers.Text;
using System.Collections.Frozen;
using PortiaWatch.Linux.Interop;
using PortiaWatch.Linux.Processes;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Sockets;

/// <summary>
/// Finds the processes that have descriptors on given sockets by reading every link in every /proc/PID/fd: the kernel keeps no index the other way. Raw calls, since the
/// cost is one readlinkat for every descriptor on the machine.
/// </summary>
internal static class DescriptorScan
{
    /// <summary>Below this many processes a second thread costs more than it saves.</summary>
    private const int ParallelFrom = 128;

    /// <summary>The links are the kernel's work and share locks, so more threads than this stop paying.</summary>
    private const int MostThreads = 4;

    /// <summary>100,000 descriptors are read in pieces of this size.</summary>
    private const int BufferBytes = 32 * 1024;

    /// <summary>A directory record with a name of 255 bytes.</summary>
    private const int LongestEntry = 280;

    private static readonly ParallelOptions TwoOrMore = new() { MaxDegreeOfParallelism = Math.Clamp(Environment.ProcessorCount, 1, MostThreads) };

    /// <summary>Every descriptor on any of <paramref name="inodes"/>, newest process first.</summary>
    public static List<SocketDescriptor> FindAll(IReadOnlyCollection<ulong> inodes, IReadOnlyList<int> pids)
    {
        var found = new List<SocketDescriptor>();
        if (inodes.Count == 0)
            return found;
        FrozenSet<ulong>? many = inodes.Count > 1 ? inodes.ToFrozenSet() : null;
        ulong single = inodes.First();
        if (pids.Count < ParallelFrom || TwoOrMore.MaxDegreeOfParallelism == 1)
        {
            for (int i = pids.Count - 1; i >= 0; i--)
                Scan(pids[i], "fd"u8, single, many, found);
        }
        else
        {
            Parallel.For(0, TwoOrMore.MaxDegreeOfParallelism, TwoOrMore, worker =>
            {
                var mine = new List<SocketDescriptor>();
                for (int i = pids.Count - 1 - worker; i >= 0; i -= TwoOrMore.MaxDegreeOfParallelism)
                    Scan(pids[i], "fd"u8, single, many, mine);
                lock (found)
                    found.AddRange(mine);
            });
        }

        found.Sort((a, b) => (b.Process.Generation, b.Process.Pid).CompareTo((a.Process.Generation, a.Process.Pid)));
        return found;
    }

    /// <summary>
    /// Looks again where <see cref="FindAll"/> sees nothing: a process whose first thread has ended lists no descriptors of its own, only its threads do.
    /// </summary>
    public static List<SocketDescriptor> FindInLeaderless(IReadOnlyCollection<ulong> inodes, IReadOnlyList<int> pids)
    {
        var found = new List<SocketDescriptor>();
        FrozenSet<ulong> wanted = inodes.ToFrozenSet();
        Span<byte> stat = stackalloc byte[IdentityReader.StatBytes];
        Span<byte> folder = stackalloc byte[64];
        foreach (int pid in pids)
        {
            if (!IdentityReader.TryReadStat(pid, stat, out StatLine line) || !line.HasLostItsLeader)
                continue;
            foreach (int thread in ProcessList.Threads(pid))
            {
                System.Text.Unicode.Utf8.TryWrite(folder, $"task/{thread}/fd", out int length);
                int before = found.Count;
                Scan(pid, folder[..length], 0, wanted, found);
                if (found.Count > before)
                    break;
            }
        }

        return found;
    }

    /// <summary>Adds the descriptors of one process that are on the wanted sockets. A process that is gone or closed to us adds nothing.</summary>
    public static unsafe void Scan(int pid, ReadOnlySpan<byte> folder, ulong single, FrozenSet<ulong>? many, List<SocketDescriptor> into, bool stopAtFirst = false)
    {
        int fd = ProcFile.Open(pid, folder, Libc.O_RDONLY | Libc.O_DIRECTORY);
        if (fd < 0)
            return;
        int size = BufferBytes;
        byte* buffer = stackalloc byte[size];
        byte* target = stackalloc byte[DescriptorLink.MaxBytes];
        ProcessIdentity? identity = null;
        int length;
        bool done = false;
        while (!done && (length = Libc.Getdents64(fd, buffer, size)) > 0)
        {
            // What did not fill the buffer was all there is, and the call that would say so is saved.
            bool isLast = length < size - LongestEntry;
            var entries = new DirectoryEntries(new ReadOnlySpan<byte>(buffer, length));
            while (!done && entries.MoveNext())
            {
                ReadOnlySpan<byte> name = entries.Name;
                if (name[0] == '.')
                    continue;
                ulong inode = ReadLink(fd, name, target);
                if (inode == 0 || (many is null ? inode != single : !many.Contains(inode)))
                    continue;

                // Identity first and the link once more after it: a pid that changed hands in between would name a stranger.
                identity ??= IdentityReader.Read(pid);
                if (identity is not null && ReadLink(fd, name, target) == inode && Utf8Parser.TryParse(name, out int number, out _))
                {
                    into.Add(new SocketDescriptor(inode, identity, number));
                    done = stopAtFirst;
                }
            }
            if (isLast)
                break;
        }

        _ = Libc.close(fd);
    }

    // The name is followed by its zero in the record.
    private static unsafe ulong ReadLink(int folder, ReadOnlySpan<byte> name, byte* target)
    {
        nint got;
        fixed (byte* start = name)
            got = Libc.readlinkat(folder, start, target, DescriptorLink.MaxBytes);
        return got > 0 ? DescriptorLink.SocketInode(new ReadOnlySpan<byte>(target, (int)got)) : 0;
    }
}
