using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PortiaWatch.Interop;

// termios.h, stdlib.h, unistd.h
internal static partial class Libc
{
    internal const int TCSANOW = 0;

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int posix_openpt(int flags);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int grantpt(int fd);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int unlockpt(int fd);

    [LibraryImport("libc")]
    internal static unsafe partial int ptsname_r(int fd, byte* buf, nuint buflen);

    [LibraryImport("libc", SetLastError = true)]
    internal static unsafe partial int tcgetattr(int fd, Termios* modes);

    [LibraryImport("libc", SetLastError = true)]
    internal static unsafe partial int tcsetattr(int fd, int actions, Termios* modes);

    [LibraryImport("libc")]
    internal static unsafe partial void cfmakeraw(Termios* modes);

    [LibraryImport("libc")]
    internal static partial int tcflush(int fd, int queue);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int tcgetpgrp(int fd);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int tcsetpgrp(int fd, int group);

    /// <summary>struct winsize, 8 bytes.</summary>
    internal record struct WindowSize(ushort Rows, ushort Columns, ushort PixelsX, ushort PixelsY);

    /// <summary>Room for struct termios: 60 bytes with glibc and musl, 72 on macOS.</summary>
    [InlineArray(128)]
    internal struct Termios
    {
        private byte _first;
    }
}
