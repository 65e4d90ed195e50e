using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace PortiaWatch.Linux.Interop;

/// <summary>Opens and tells apart regular files, as log files are followed.</summary>
internal static unsafe class RegularFile
{
    /// <summary>Contract of <see cref="Pipeline.Platform.OpenRegularFile"/>.</summary>
    public static SafeFileHandle? Open(string path)
    {
        // Looked at before it is opened, because opening some devices does something; and again afterwards, because it may be another file by then. Not to block is for a
        // named pipe that slips in between.
        if (!PathStatus.TryRead(path, out var status) || !IsRegular(status))
            return null;
        var name = Encoding.UTF8.GetBytes(path + "\0");
        SafeFileHandle handle;
        fixed (byte* start = name)
        {
            handle = new SafeFileHandle(Libc.openat(Libc.AT_FDCWD, start, Libc.O_RDONLY | Libc.O_CLOEXEC | Libc.O_NONBLOCK | Libc.O_NOCTTY, 0), ownsHandle: true);
            if (handle.IsInvalid && Marshal.GetLastPInvokeError() is Libc.EACCES or Libc.EPERM)
                throw new UnauthorizedAccessException($"May not read {path}.");
        }

        if (!handle.IsInvalid && TryReadStatus(handle, out status) && IsRegular(status))
            return handle;
        handle.Dispose();
        return null;
    }

    /// <summary>Contract of <see cref="Pipeline.Platform.FileIdentity"/>.</summary>
    public static (ulong Device, ulong Inode)? Identify(SafeFileHandle file) =>
        TryReadStatus(file, out var status) ? (((ulong)status.stx_dev_major << 32) | status.stx_dev_minor, status.stx_ino) : null;

    private static bool IsRegular(in Libc.StatxBuffer status) => (status.stx_mode & Libc.S_IFMT) == Libc.S_IFREG;

    private static bool TryReadStatus(SafeFileHandle file, out Libc.StatxBuffer status)
    {
        bool isReferenced = false;
        try
        {
            file.DangerousAddRef(ref isReferenced);
            fixed (byte* empty = "\0"u8)
            fixed (Libc.StatxBuffer* into = &status)
                return Libc.statx((int)file.DangerousGetHandle(), empty, Libc.AT_EMPTY_PATH, Libc.STATX_TYPE | Libc.STATX_INO, into) == 0;
        }
        finally
        {
            if (isReferenced)
                file.DangerousRelease();
        }
    }
}
