using System.Globalization;

namespace PortiaWatch.Linux.Ebpf;

/// <summary>
/// Which of the kernel's numbers mean something here. The programs report processes as the first pid namespace numbers them; in a container of our own, that
/// number may belong to a quite different local process.
/// </summary>
/// <param name="PidNamespace">Inode of our own.</param>
/// <param name="NetworkNamespace">Inode of our own.</param>
/// <param name="IsProcOurs">False when /proc shows another pid namespace than the one we live in: then its numbers are not ours either.</param>
internal sealed record NamespaceView(ulong PidNamespace, ulong NetworkNamespace, bool IsProcOurs)
{
    /// <summary>PROC_PID_INIT_INO in linux/proc_ns.h: the first one sees every process.</summary>
    private const ulong FirstPidNamespace = 0xEFFFFFFC;

    public bool SeesEverything => PidNamespace == FirstPidNamespace && IsProcOurs;

    public static NamespaceView Read() => new(
        InodeOf("/proc/self/ns/pid"),
        InodeOf("/proc/self/ns/net"),
        new FileInfo("/proc/self").LinkTarget == Environment.ProcessId.ToString(CultureInfo.InvariantCulture));

    /// <summary>The process as we number it; null when it has no number here, or none that is known.</summary>
    public int? LocalPid(KernelEvent seen)
    {
        if (SeesEverything)
            return seen.Process;
        return IsProcOurs && seen.PidNamespace == PidNamespace ? seen.NestedProcess : null;
    }

    /// <summary>Null when it is our own, or not known.</summary>
    public ulong? ForeignNetwork(KernelEvent seen) =>
        seen.Socket is { } socket && NetworkNamespace != 0 && socket.NetworkNamespace != NetworkNamespace ? socket.NetworkNamespace : null;

    /// <summary>"pid:[4026531836]"; 0 when it cannot be read.</summary>
    internal static ulong ParseInode(string? link)
    {
        int open = link?.IndexOf('[', StringComparison.Ordinal) ?? -1;
        return link is not null && open >= 0 && link.EndsWith(']') && ulong.TryParse(link.AsSpan(open + 1, link.Length - open - 2), NumberStyles.None, CultureInfo.InvariantCulture, out ulong inode)
            ? inode
            : 0;
    }

    private static ulong InodeOf(string path) => ParseInode(new FileInfo(path).LinkTarget);
}
