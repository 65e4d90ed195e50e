using System.Runtime.ExceptionServices;
using PortiaWatch.Linux.Interop;
using PortiaWatch.Linux.Processes;

namespace PortiaWatch.Linux.Sockets;

/// <summary>Network namespaces (network_namespaces(7)): each has ports of its own.</summary>
internal static class NetworkNamespace
{
    /// <summary>True only when <paramref name="pid"/> certainly lives in another one; a process that is gone or closed to us counts as a neighbour.</summary>
    public static bool IsForeign(int pid)
    {
        Span<byte> theirs = stackalloc byte[64];
        Span<byte> ours = stackalloc byte[64];
        int theirLength = ProcFile.ReadLink(pid, "ns/net"u8, theirs);
        int ourLength = ProcFile.ReadLink(Environment.ProcessId, "ns/net"u8, ours);
        return theirLength > 0 && ourLength > 0 && !theirs[..theirLength].SequenceEqual(ours[..ourLength]);
    }

    /// <summary>
    /// Runs <paramref name="work"/> on a thread of its own inside the namespace of <paramref name="pid"/>. False when we may not enter it (that needs CAP_SYS_ADMIN).
    /// A socket made there stays there.
    /// </summary>
    public static bool TryRun(int pid, Action work)
    {
        int fd = ProcFile.Open(pid, "ns/net"u8, Libc.O_RDONLY);
        if (fd < 0)
            return false;
        using var space = new Descriptor(fd);
        bool entered = false;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            entered = Libc.setns(space.Number, Libc.CLONE_NEWNET) == 0;
            if (!entered)
                return;
            try
            {
                work();
            }
#pragma warning disable CA1031 // Carried over to the caller's thread.
            catch (Exception e)
#pragma warning restore CA1031
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        })
        { IsBackground = true };
        thread.Start();
        thread.Join();
        failure?.Throw();
        return entered;
    }
}
