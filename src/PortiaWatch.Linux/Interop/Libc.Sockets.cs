using System.Runtime.InteropServices;

namespace PortiaWatch.Linux.Interop;

// sys/socket.h, netinet/in.h, linux/netlink.h
internal static partial class Libc
{
    internal const int AF_UNIX = 1;
    internal const int AF_INET = 2;
    internal const int AF_INET6 = 10;
    internal const int AF_NETLINK = 16;
    internal const int SOCK_STREAM = 1;
    internal const int SOCK_DGRAM = 2;
    internal const int SOCK_RAW = 3;
    internal const int SOCK_CLOEXEC = 0x80000;
    internal const int IPPROTO_TCP = 6;
    internal const int IPPROTO_UDP = 17;
    internal const int NETLINK_SOCK_DIAG = 4;
    internal const int SOL_SOCKET = 1;
    internal const int SO_RCVTIMEO = 20;

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int socket(int domain, int type, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    internal static unsafe partial int bind(int sockfd, byte* addr, int addrlen);

    [LibraryImport("libc", SetLastError = true)]
    internal static unsafe partial nint send(int sockfd, byte* buf, nint len, int flags);

    [LibraryImport("libc", SetLastError = true)]
    internal static unsafe partial nint recv(int sockfd, byte* buf, nint len, int flags);

    [LibraryImport("libc", SetLastError = true)]
    internal static unsafe partial int setsockopt(int sockfd, int level, int optname, byte* optval, int optlen);
}
