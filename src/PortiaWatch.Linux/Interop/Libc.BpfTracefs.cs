using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PortiaWatch.Linux.Interop;

/// <summary>A tracefs of one's own that is attached nowhere: fsopen(2), fsconfig(2), fsmount(2), all since Linux 5.2. Names and numbers from linux/mount.h.</summary>
internal static unsafe partial class Libc
{
    private const uint FSOPEN_CLOEXEC = 1;
    private const uint FSCONFIG_CMD_CREATE = 6;
    private const uint FSMOUNT_CLOEXEC = 1;

    /// <summary>The root folder of a detached file system; null when the kernel refused (needs CAP_SYS_ADMIN).</summary>
    public static SafeFileHandle? mount_detached(ReadOnlySpan<byte> fileSystemType)
    {
        fixed (byte* type = fileSystemType)
        {
            using SafeFileHandle? context = Own(syscall(SystemCall.FsOpen, type, FSOPEN_CLOEXEC), out _);
            if (context is null || syscall(SystemCall.FsConfig, context, FSCONFIG_CMD_CREATE, 0, 0, 0) < 0)
                return null;
            return Own(syscall(SystemCall.FsMount, context, FSMOUNT_CLOEXEC, 0), out _);
        }
    }

    /// <summary>Opens a file below a folder for reading; null when it cannot.</summary>
    public static SafeFileHandle? open_below(SafeFileHandle folder, string path)
    {
        const int O_CLOEXEC = 0x80000;
        return Own(openat(folder, path, O_CLOEXEC), out _);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint syscall(nint number, byte* type, uint flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint syscall(nint number, SafeFileHandle context, uint command, nint key, nint value, nint aux);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint syscall(nint number, SafeFileHandle context, uint flags, uint attributes);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int openat(SafeFileHandle folder, string path, int flags);
}
