using PortiaWatch.Linux.Interop;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Processes;

/// <summary>Reads who a pid is right now.</summary>
internal static class IdentityReader
{
    /// <summary>Long enough for 52 fields of 20 digits and a name.</summary>
    public const int StatBytes = 1200;

    /// <summary>Null when there is no such process, or only what is left of one that ended.</summary>
    public static ProcessIdentity? Read(int pid)
    {
        Span<byte> buffer = stackalloc byte[StatBytes];
        return TryReadStat(pid, buffer, out StatLine stat) ? From(pid, stat) : null;
    }

    /// <summary>False when there is no such process, or only what is left of one that ended.</summary>
    public static bool TryReadStat(int pid, Span<byte> buffer, out StatLine stat)
    {
        stat = default;
        int length = pid > 0 ? ProcFile.Read(pid, "stat"u8, buffer) : -1;
        return length > 0 && StatLine.TryParse(buffer[..length], out stat) && !stat.IsOver;
    }

    public static ProcessIdentity From(int pid, in StatLine stat) => new(pid, stat.StartTime, Image(pid, stat));

    // The file alone would miss a program that executes itself again, the stack alone a kernel without address randomisation. Start time counts in steps of 10 ms; the
    // number of the process, where the kernel has one, tells even two that shared a pid within one step.
    private static ulong? Image(int pid, in StatLine stat)
    {
        if (stat.StackStart == 0 || !ProcFile.TryStat(pid, "exe"u8, Libc.STATX_INO, out Libc.StatxBuffer exe))
            return null;
        ulong device = ((ulong)exe.stx_dev_major << 32) | exe.stx_dev_minor;
        return StatLine.Mix(StatLine.Mix(StatLine.Mix(StatLine.Mix(device, exe.stx_ino), stat.StackStart), stat.Layout), Number(pid));
    }

    // From kernel 6.9 on (pidfs) the inode of a pidfd is a number that no other process gets until the next start of the machine. Before, it is the same for all.
    private static unsafe ulong Number(int pid)
    {
        int fd = Libc.PidfdOpen(pid);
        if (fd < 0)
            return 0;
        Libc.StatxBuffer status;
        int result;
        fixed (byte* empty = "\0"u8)
            result = Libc.statx(fd, empty, Libc.AT_EMPTY_PATH, Libc.STATX_INO, &status);
        _ = Libc.close(fd);
        return result == 0 ? status.stx_ino : 0;
    }
}
