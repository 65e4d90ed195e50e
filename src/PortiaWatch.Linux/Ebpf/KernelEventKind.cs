namespace PortiaWatch.Linux.Ebpf;

/// <summary>What happened, as the programs write it into the ring.</summary>
internal enum KernelEventKind : uint
{
    /// <summary>bind(2) gave EADDRINUSE.</summary>
    BindRefused = 1,

    /// <summary>listen(2) gave EADDRINUSE: two sockets with SO_REUSEADDR share a port until one of them listens.</summary>
    ListenRefused = 2,

    /// <summary>listen(2) succeeded.</summary>
    Listening = 3,
}
