using System.Runtime.InteropServices;

namespace PortiaWatch.Interop;

// errno.h, unistd.h, fcntl.h, poll.h, sys/ioctl.h
internal static partial class Libc
{
    internal const int ENOENT = 2;
    internal const int EINTR = 4;
    internal const int EIO = 5;
    internal const int ENOEXEC = 8;
    internal const int EACCES = 13;
    internal const int ENOTDIR = 20;
    internal const int O_RDWR = 2;
    internal const int SEEK_CUR = 1;
    internal const short POLLIN = 1;
    internal const short POLLOUT = 4;

    [LibraryImport("libc", SetLastError = true)]
    internal static unsafe partial nint read(int fd, byte* buf, nint count);

    [LibraryImport("libc", SetLastError = true)]
    internal static unsafe partial nint write(int fd, byte* buf, nint count);

    [LibraryImport("libc")]
    internal static partial int close(int fd);

    [LibraryImport("libc", SetLastError = true)]
    internal static unsafe partial int open(byte* path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    internal static unsafe partial int poll(PollDescriptor* fds, nuint nfds, int timeout);

    [LibraryImport("libc")]
    internal static partial int isatty(int fd);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial long lseek(int fd, long offset, int whence);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int pipe(int* descriptors);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int pipe2(int* descriptors, int flags);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static unsafe partial int ioctl(int fd, nuint request, void* argument);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static unsafe partial int ioctl_stack(int fd, nuint request, nint r2, nint r3, nint r4, nint r5, nint r6, nint r7, void* argument);

    /// <summary>ioctl(2) with its argument where the processor's calling convention wants it.</summary>
    internal static unsafe int Ioctl(int fd, nuint request, void* argument) =>
        Abi.HasVariadicOnStack ? ioctl_stack(fd, request, 0, 0, 0, 0, 0, 0, argument) : ioctl(fd, request, argument);

    /// <summary>Both ends close themselves in a program that is started.</summary>
    internal static unsafe (Descriptor Read, Descriptor Write) Pipe()
    {
        int* ends = stackalloc int[2];
        bool isMac = OperatingSystem.IsMacOS();
        if ((isMac ? pipe(ends) : pipe2(ends, Abi.O_CLOEXEC)) != 0)
            throw Failure("pipe");
        if (isMac)
            _ = Ioctl(ends[0], Abi.FIOCLEX, null) | Ioctl(ends[1], Abi.FIOCLEX, null);
        return (new Descriptor(ends[0]), new Descriptor(ends[1]));
    }

    /// <summary>Reads and writes that would wait return EAGAIN from now on.</summary>
    internal static unsafe void SetNonBlocking(Descriptor descriptor)
    {
        int on = 1;
        _ = Ioctl(descriptor.Number, Abi.FIONBIO, &on);
    }

    /// <summary>Waits for one descriptor, or for either of two; signals of our own runtime do not end the wait.</summary>
    /// <param name="first">With what is awaited of it.</param>
    /// <param name="second">A negative number is not looked at.</param>
    /// <param name="milliseconds">Negative: without limit.</param>
    internal static unsafe void Await(ref PollDescriptor first, ref PollDescriptor second, int milliseconds)
    {
        PollDescriptor* both = stackalloc PollDescriptor[] { first, second };
        while (poll(both, 2, milliseconds) < 0 && Marshal.GetLastPInvokeError() == EINTR)
        {
        }

        (first, second) = (both[0], both[1]);
    }

    internal static IOException Failure(string call) => new($"{call} failed: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");

    /// <summary>struct pollfd, 8 bytes.</summary>
    internal struct PollDescriptor
    {
        public int fd;
        public short events;
        public short revents;
    }
}
