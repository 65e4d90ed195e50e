using System.Text;

namespace PortiaWatch.Linux.Interop;

/// <summary>statx of a path, following links.</summary>
internal static class PathStatus
{
    /// <summary>False when there is nothing, or nothing that we may look at.</summary>
    public static unsafe bool TryRead(string path, out Libc.StatxBuffer status)
    {
        status = default;
        byte[] name = Encoding.UTF8.GetBytes(path + "\0");
        fixed (byte* start = name)
        fixed (Libc.StatxBuffer* into = &status)
            return Libc.statx(Libc.AT_FDCWD, start, 0, Libc.STATX_TYPE | Libc.STATX_MODE | Libc.STATX_UID | Libc.STATX_GID | Libc.STATX_INO, into) == 0;
    }
}
