using System.Collections.Concurrent;
using System.Text;
using PortiaWatch.Linux.Interop;

namespace PortiaWatch.Linux.Systemd;

/// <summary>Finds the cgroup with a given id: the id is the inode of its folder in the cgroup v2 tree.</summary>
internal sealed class CgroupFolders
{
    private const ulong RootId = 1;
    private static readonly string[] Mounts = ["/sys/fs/cgroup/unified", "/sys/fs/cgroup"];

    private readonly ConcurrentDictionary<ulong, string> _known = new();

    /// <summary>The unit that the cgroup belongs to, its path where it is no unit's, null when it cannot be found.</summary>
    public string? Unit(ulong? id)
    {
        if (id is not { } wanted || wanted <= RootId || Find(wanted) is not { } path)
            return null;
        return CgroupUnit.FromPath(path)?.Name ?? path;
    }

    private static string Mount => Array.Find(Mounts, mount => File.Exists(mount + "/cgroup.controllers")) ?? Mounts[^1];

    // A folder may have gone and its inode been given to another since it was remembered.
    private string? Find(ulong id)
    {
        string mount = Mount;
        if (_known.TryGetValue(id, out string? known) && PathStatus.TryRead(mount + known, out Libc.StatxBuffer status) && status.stx_ino == id)
            return known;
        if (Search(mount, id) is not { } found)
            return null;
        string path = found[mount.Length..];
        _known[id] = path;
        return path;
    }

    private static string? Search(string root, ulong id)
    {
        var folders = new Queue<string>([root]);
        while (folders.TryDequeue(out string? folder))
        {
            foreach ((string path, ulong inode) in Subfolders(folder))
            {
                if (inode == id)
                    return path;
                folders.Enqueue(path);
            }
        }

        return null;
    }

    private static unsafe List<(string Path, ulong Inode)> Subfolders(string folder)
    {
        const byte Directory = 4;
        const int BufferBytes = 8 * 1024;
        var found = new List<(string, ulong)>();
        int fd;
        fixed (byte* path = Encoding.UTF8.GetBytes(folder + "\0"))
            fd = Libc.openat(Libc.AT_FDCWD, path, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC, 0);
        if (fd < 0)
            return found;
        byte* buffer = stackalloc byte[BufferBytes];
        int length;
        while ((length = Libc.Getdents64(fd, buffer, BufferBytes)) > 0)
        {
            var entries = new DirectoryEntries(new ReadOnlySpan<byte>(buffer, length));
            while (entries.MoveNext())
            {
                if (entries.Type == Directory && entries.Name[0] != '.')
                    found.Add(($"{folder}/{Encoding.UTF8.GetString(entries.Name)}", entries.Inode));
            }
        }

        _ = Libc.close(fd);
        return found;
    }
}
