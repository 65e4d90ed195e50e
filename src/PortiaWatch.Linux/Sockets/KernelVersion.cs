namespace PortiaWatch.Linux.Sockets;

/// <summary>What depends on the kernel's age.</summary>
internal static class KernelVersion
{
    /// <summary>TCP_BOUND_INACTIVE in sock_diag came with 6.8. Before, a socket that is bound without listening shows nowhere.</summary>
    public static bool ShowsBoundSockets { get; } = Environment.OSVersion.Version >= new Version(6, 8);
}
