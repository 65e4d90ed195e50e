namespace PortiaWatch.Linux.Ebpf;

/// <summary>
/// The record that the programs put into the ring: byte offsets, in the machine's byte order. Behind the head come the address that bind was given, and right behind
/// that the command line, each as long as its length says.
/// </summary>
internal static class EventLayout
{
    /// <summary>u64, CLOCK_MONOTONIC in nanoseconds.</summary>
    public const int Time = 0;

    /// <summary>u32 each: thread and process, in the first pid namespace.</summary>
    public const int Thread = 8;
    public const int Process = 12;

    /// <summary>u32, real uid in the first user namespace.</summary>
    public const int Uid = 16;

    /// <summary>u32, a <see cref="KernelEventKind"/>.</summary>
    public const int Kind = 20;

    /// <summary>s32, the descriptor that the call was given.</summary>
    public const int Descriptor = 24;

    /// <summary>s32, length of the address as the call was given it; <see cref="AddressUnread"/> when its memory could not be read.</summary>
    public const int AddressLength = 28;

    /// <summary>u64, inode of the socket. This field and those up to <see cref="Command"/> are 0 where the kernel's types are not known.</summary>
    public const int Inode = 32;

    /// <summary>u64, start of the process, nanoseconds since boot.</summary>
    public const int Started = 40;

    /// <summary>u32 each: inodes of the socket's network namespace and of the process's own pid namespace.</summary>
    public const int NetworkNamespace = 48;
    public const int PidNamespace = 52;

    /// <summary>u32, the process as its own pid namespace numbers it.</summary>
    public const int NestedProcess = 56;

    /// <summary>u32, the parent, in the first pid namespace.</summary>
    public const int Parent = 60;

    /// <summary>u16 each, out of the socket: SOCK_*, AF_*, and the local port in host order.</summary>
    public const int SocketType = 64;
    public const int SocketFamily = 66;
    public const int SocketPort = 68;

    /// <summary>u16, bytes of command line.</summary>
    public const int CommandLineLength = 70;

    /// <summary>The socket's local IPv4 and IPv6 addresses, in network order.</summary>
    public const int SocketAddress4 = 72;
    public const int SocketAddress6 = 80;

    /// <summary>u32, size of the whole command line.</summary>
    public const int CommandLineTotal = 76;

    /// <summary>16 bytes, the calling thread's short name until the process's own is known.</summary>
    public const int Command = 96;
    public const int CommandBytes = 16;

    public const int HeadBytes = 112;

    /// <summary>sizeof(struct sockaddr_storage): bind takes no more.</summary>
    public const int MaxAddressBytes = 128;

    /// <summary>Of longer command lines only the beginning is sent.</summary>
    public const int MaxCommandLineBytes = 1024;

    public const int MaxBytes = HeadBytes + MaxAddressBytes + MaxCommandLineBytes;

    /// <summary>As a length of the address: as many bytes as one can have follow, and mean nothing.</summary>
    public const int AddressUnread = -1;
}
