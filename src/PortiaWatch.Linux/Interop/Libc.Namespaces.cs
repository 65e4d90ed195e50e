using System.Runtime.InteropServices;

namespace PortiaWatch.Linux.Interop;

// sched.h
internal static partial class Libc
{
    internal const int CLONE_NEWNET = 0x40000000;

    /// <summary>Moves the calling thread only; call it on a thread of its own that ends afterwards.</summary>
    [LibraryImport("libc", SetLastError = true)]
    internal static partial int setns(int fd, int nstype);
}
