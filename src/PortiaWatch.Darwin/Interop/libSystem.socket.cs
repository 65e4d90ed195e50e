using System.Runtime.InteropServices;

namespace PortiaWatch.Darwin.Interop;

internal static partial class libSystem
{
    // bsd/sys/socket.h, bsd/netinet/in.h, bsd/netinet6/in6.h
    public const int AF_INET = 2;
    public const int AF_INET6 = 30;
    public const int SOCK_STREAM = 1;
    public const int SOCK_DGRAM = 2;
    public const int IPPROTO_TCP = 6;
    public const int IPPROTO_UDP = 17;
    public const int SO_ACCEPTCONN = 0x0002;

    [LibraryImport(Library, SetLastError = true)]
    public static partial int socket(int domain, int type, int protocol);

    /// <summary>0 or an errno value.</summary>
    public static unsafe int bind<T>(int socket, in T address)
        where T : unmanaged
    {
        fixed (T* start = &address)
            return bind(socket, start, (uint)sizeof(T)) == 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    [LibraryImport(Library)]
    public static partial int close(int fd);

    [LibraryImport(Library, SetLastError = true)]
    private static unsafe partial int bind(int socket, void* address, uint address_len);
}
