using System.Runtime.InteropServices;

namespace PortiaWatch.Linux.Interop;

// poll.h, sys/eventfd.h
internal static partial class Libc
{
    internal const short POLLIN = 1;
    internal const int EFD_CLOEXEC = 0x80000;

    [LibraryImport("libc", SetLastError = true)]
    internal static unsafe partial int poll(PollDescriptor* fds, nuint nfds, int timeout);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int eventfd(uint initval, int flags);

    [LibraryImport("libc", SetLastError = true)]
    internal static unsafe partial nint write(int fd, byte* buf, nint count);

    /// <summary>struct pollfd, 8 bytes.</summary>
    internal struct PollDescriptor
    {
        public int fd;
        public short events;
        public short revents;
    }
}
