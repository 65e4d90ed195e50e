using System.Buffers.Text;
using System.Runtime.InteropServices;
using PortiaWatch.Linux.Interop;

namespace PortiaWatch.Linux.Processes;

/// <summary>The pids that /proc lists.</summary>
internal static class ProcessList
{
    private const int BufferBytes = 32 * 1024;

    /// <summary>Ascending, as /proc gives them; empty when /proc cannot be read.</summary>
    public static unsafe List<int> Pids()
    {
        fixed (byte* path = "/proc\0"u8)
            return Numbers(Libc.openat(Libc.AT_FDCWD, path, Libc.O_RDONLY | Libc.O_DIRECTORY | Libc.O_CLOEXEC, 0));
    }

    /// <summary>The thread ids of a process; empty when it is gone.</summary>
    public static List<int> Threads(int pid) => Numbers(ProcFile.Open(pid, "task"u8, Libc.O_RDONLY | Libc.O_DIRECTORY));

    private static unsafe List<int> Numbers(int fd)
    {
        var numbers = new List<int>(256);
        if (fd < 0)
            return numbers;
        byte* buffer = (byte*)NativeMemory.Alloc(BufferBytes);
        int length;
        while ((length = Libc.Getdents64(fd, buffer, BufferBytes)) > 0)
        {
            var entries = new DirectoryEntries(new ReadOnlySpan<byte>(buffer, length));
            while (entries.MoveNext())
            {
                if (Utf8Parser.TryParse(entries.Name, out int number, out int used) && used == entries.Name.Length)
                    numbers.Add(number);
            }
        }

        NativeMemory.Free(buffer);
        _ = Libc.close(fd);
        return numbers;
    }
}
