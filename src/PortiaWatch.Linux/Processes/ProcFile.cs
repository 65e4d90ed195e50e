using System.Buffers;
using System.Text;
using System.Text.Unicode;
using PortiaWatch.Linux.Interop;

namespace PortiaWatch.Linux.Processes;

/// <summary>
/// Reads files and links below /proc/PID without exceptions: a process that is gone or closed to us is the normal case here, not an error.
/// Nothing is allocated unless text is asked for.
/// </summary>
internal static class ProcFile
{
    private const int PathBytes = 128;

    /// <summary>Opens /proc/PID/<paramref name="name"/>; -1 when it cannot. The caller closes it.</summary>
    public static unsafe int Open(int pid, ReadOnlySpan<byte> name, int flags)
    {
        Span<byte> path = stackalloc byte[PathBytes];
        WritePath(path, pid, name);
        fixed (byte* start = path)
            return Libc.openat(Libc.AT_FDCWD, start, flags | Libc.O_CLOEXEC, 0);
    }

    /// <summary>Reads the beginning of /proc/PID/<paramref name="name"/>. The number of bytes; -1 when it cannot be read.</summary>
    public static int Read(int pid, ReadOnlySpan<byte> name, Span<byte> buffer)
    {
        int fd = Open(pid, name, Libc.O_RDONLY);
        if (fd < 0)
            return -1;
        int length = Fill(fd, buffer);
        _ = Libc.close(fd);
        return length;
    }

    /// <summary>All of a file up to <paramref name="limit"/> bytes; null when it cannot be read.</summary>
    public static byte[]? ReadAll(int pid, ReadOnlySpan<byte> name, int limit)
    {
        int fd = Open(pid, name, Libc.O_RDONLY);
        if (fd < 0)
            return null;
        byte[] rented = ArrayPool<byte>.Shared.Rent(4096);
        int length = 0;
        while (true)
        {
            int got = Fill(fd, rented.AsSpan(length));
            if (got > 0)
                length += got;
            if (got < 0 || length < rented.Length || length >= limit)
                break;
            byte[] larger = ArrayPool<byte>.Shared.Rent(rented.Length * 4);
            rented.AsSpan(0, length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(rented);
            rented = larger;
        }

        _ = Libc.close(fd);
        byte[] all = rented.AsSpan(0, Math.Min(length, limit)).ToArray();
        ArrayPool<byte>.Shared.Return(rented);
        return all;
    }

    /// <summary>Reads the link /proc/PID/<paramref name="name"/>. The number of bytes; -1 when it cannot be read.</summary>
    public static unsafe int ReadLink(int pid, ReadOnlySpan<byte> name, Span<byte> buffer)
    {
        Span<byte> path = stackalloc byte[PathBytes];
        WritePath(path, pid, name);
        fixed (byte* start = path)
        fixed (byte* target = buffer)
            return (int)Libc.readlinkat(Libc.AT_FDCWD, start, target, buffer.Length);
    }

    /// <summary>The link's target as text; null when it cannot be read.</summary>
    public static string? ReadLinkText(int pid, ReadOnlySpan<byte> name)
    {
        Span<byte> buffer = stackalloc byte[4096];
        int length = ReadLink(pid, name, buffer);
        return length < 0 ? null : Encoding.UTF8.GetString(buffer[..length]);
    }

    /// <summary>statx of /proc/PID/<paramref name="name"/>, following links; false when it cannot.</summary>
    public static unsafe bool TryStat(int pid, ReadOnlySpan<byte> name, uint mask, out Libc.StatxBuffer status)
    {
        Span<byte> path = stackalloc byte[PathBytes];
        WritePath(path, pid, name);
        status = default;
        fixed (byte* start = path)
        fixed (Libc.StatxBuffer* into = &status)
            return Libc.statx(Libc.AT_FDCWD, start, 0, mask, into) == 0;
    }

    private static unsafe int Fill(int fd, Span<byte> buffer)
    {
        int total = 0;
        fixed (byte* start = buffer)
        {
            // A seq_file gives at most a page at a time.
            while (total < buffer.Length)
            {
                nint got = Libc.read(fd, start + total, buffer.Length - total);
                if (got == 0)
                    break;
                if (got < 0)
                    return total > 0 ? total : -1;
                total += (int)got;
            }
        }

        return total;
    }

    private static void WritePath(Span<byte> path, int pid, ReadOnlySpan<byte> name)
    {
        Utf8.TryWrite(path, $"/proc/{pid}/{name}\0", out int written);
        System.Diagnostics.Debug.Assert(written > 0, "names are short constants");
    }
}
