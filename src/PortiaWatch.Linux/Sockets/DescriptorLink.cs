using System.Buffers.Text;
using System.Globalization;
using System.Text.Unicode;
using PortiaWatch.Linux.Processes;

namespace PortiaWatch.Linux.Sockets;

/// <summary>What a link in /proc/PID/fd says: <c>socket:[inode]</c>.</summary>
internal static class DescriptorLink
{
    /// <summary>Longest text of interest: the prefix, 20 digits, the bracket. A longer link is cut and thus no socket.</summary>
    public const int MaxBytes = 32;

    /// <summary>The inode; 0 for anything that is not a socket.</summary>
    public static ulong SocketInode(ReadOnlySpan<byte> target)
    {
        ReadOnlySpan<byte> prefix = "socket:["u8;
        if (!target.StartsWith(prefix) || !Utf8Parser.TryParse(target[prefix.Length..], out ulong inode, out int used))
            return 0;
        return prefix.Length + used < target.Length && target[prefix.Length + used] == ']' ? inode : 0;
    }

    /// <summary>True when descriptor <paramref name="number"/> of <paramref name="pid"/> is on the socket right now.</summary>
    public static bool IsOn(int pid, int number, ulong inode)
    {
        Span<byte> name = stackalloc byte[32];
        Utf8.TryWrite(name, CultureInfo.InvariantCulture, $"fd/{number}", out int length);
        Span<byte> target = stackalloc byte[MaxBytes];
        int got = ProcFile.ReadLink(pid, name[..length], target);
        return got > 0 && SocketInode(target[..got]) == inode;
    }
}
