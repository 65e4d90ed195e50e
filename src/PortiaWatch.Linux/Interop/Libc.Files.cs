using System.Runtime.InteropServices;

namespace PortiaWatch.Linux.Interop;

// fcntl.h, unistd.h, dirent.h. Paths are zero-terminated bytes: names on Linux are bytes, not text.
internal static partial class Libc
{
    internal const int O_RDONLY = 0;
    internal const int O_CLOEXEC = 0x80000;
    internal const int O_NONBLOCK = 0x800;
    internal const int O_NOCTTY = 0x100;
    internal const int AT_FDCWD = -100;

    // asm-generic/errno-base.h, asm-generic/errno.h
    internal const int EPERM = 1;
    internal const int ENOENT = 2;
    internal const int ESRCH = 3;
    internal const int EINTR = 4;
    internal const int EACCES = 13;
    internal const int EADDRINUSE = 98;

    /// <summary>O_DIRECTORY differs between architectures.</summary>
    internal static int O_DIRECTORY => RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? 0x4000 : 0x10000;

    [LibraryImport("libc", SetLastError = true)]
    internal static unsafe partial int openat(int dirfd, byte* pathname, int flags, int mode);

    [LibraryImport("libc", SetLastError = true)]
    internal static unsafe partial nint read(int fd, byte* buf, nint count);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int close(int fd);

    // Called for every descriptor on the machine: nobody asks why one could not be read, so errno is not kept.
    [LibraryImport("libc")]
    internal static unsafe partial nint readlinkat(int dirfd, byte* pathname, byte* buf, nint bufsiz);

    // getdents64 has no exported wrapper in musl, so it goes through syscall(2).
    [LibraryImport("libc", EntryPoint = "syscall")]
    private static unsafe partial nint SyscallGetdents64(nint number, nint fd, byte* dirp, nint count);

    /// <summary>Fills <paramref name="dirp"/> with struct linux_dirent64 records; 0 at the end, -1 on error.</summary>
    internal static unsafe int Getdents64(int fd, byte* dirp, int count) =>
        (int)SyscallGetdents64(RuntimeInformation.ProcessArchitecture is Architecture.X64 ? 217 : 61, fd, dirp, count);
}
