using System.Runtime.InteropServices;

namespace PortiaWatch.Linux.Interop;

// sys/xattr.h
internal static partial class Libc
{
    [LibraryImport("libc", SetLastError = true)]
    internal static unsafe partial nint getxattr(byte* path, byte* name, byte* value, nuint size);
}
