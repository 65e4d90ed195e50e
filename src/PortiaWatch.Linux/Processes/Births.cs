using System.Buffers.Text;
using System.Globalization;
using PortiaWatch.Linux.Interop;

namespace PortiaWatch.Linux.Processes;

/// <summary>
/// Which processes can have been born since an earlier moment. The kernel hands out pids in turn and tells the last one in /proc/loadavg, so whoever is new has a pid between
/// the two. (Only a checkpoint restored with chosen pids escapes that.)
/// </summary>
internal static class Births
{
    /// <summary>Beyond this the pids may have come round, and everything has to be looked at.</summary>
    private const int MostPids = 1024;

    private const int FirstPidOfLaterTurns = 300;

    private static readonly Lazy<int> LargestPid = new(ReadLargestPid);

    /// <summary>The pid given out last; 0 when it cannot be read.</summary>
    public static unsafe int LastPid()
    {
        Span<byte> buffer = stackalloc byte[128];
        int fd;
        fixed (byte* path = "/proc/loadavg\0"u8)
            fd = Libc.openat(Libc.AT_FDCWD, path, Libc.O_RDONLY | Libc.O_CLOEXEC, 0);
        if (fd < 0)
            return 0;
        nint length;
        fixed (byte* start = buffer)
            length = Libc.read(fd, start, buffer.Length);
        _ = Libc.close(fd);
        if (length <= 0)
            return 0;

        // 0.20 0.18 0.12 1/80 11206
        ReadOnlySpan<byte> text = buffer[..(int)length].TrimEnd((byte)'\n');
        return Utf8Parser.TryParse(text[(text.LastIndexOf((byte)' ') + 1)..], out int pid, out _) ? pid : 0;
    }

    /// <summary>Every pid that was given out after <paramref name="earlier"/> up to <paramref name="now"/>; null when there are too many to be sure.</summary>
    public static List<int>? Between(int earlier, int now)
    {
        if (earlier == 0 || now == 0)
            return null;
        bool turned = now < earlier;
        int count = turned ? LargestPid.Value - earlier + now : now - earlier;
        if (count is < 0 or > MostPids)
            return null;
        var pids = new List<int>(count);
        for (int pid = earlier + 1; pid <= (turned ? LargestPid.Value - 1 : now); pid++)
            pids.Add(pid);
        for (int pid = FirstPidOfLaterTurns; turned && pid <= now; pid++)
            pids.Add(pid);
        return pids;
    }

    private static int ReadLargestPid()
    {
        try
        {
            return int.TryParse(File.ReadAllText("/proc/sys/kernel/pid_max"), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out int largest) ? largest : int.MaxValue;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return int.MaxValue;
        }
    }
}
