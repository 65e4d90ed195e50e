using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline;

/// <summary>Who is at the other end of a unix socket, as the kernel has it; nothing in it comes from what was sent.</summary>
/// <param name="Pid">Of the process that connected; 0 when it has no number here (another pid namespace).</param>
/// <param name="Uid">Its effective uid then.</param>
public sealed record PeerCredentials(int Pid, uint Uid)
{
    /// <summary>That very process; null when it is gone, or when nothing proves that the pid is still its own.</summary>
    public ProcessIdentity? Process { get; init; }

    /// <summary>Inode of its network namespace where that is certainly not ours; null means ours, or not known.</summary>
    public ulong? ForeignNetwork { get; init; }
}
