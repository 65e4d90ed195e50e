namespace PortiaWatch.Darwin.Interop;

/// <summary>
/// The C library of macOS, split by topic. Names, casing and constants are those of its headers; every constant and structure is compared with the measured ABI by a
/// test. All calls go through one library name, so that tests can put a stand-in in its place.
/// </summary>
internal static partial class libSystem
{
    /// <summary>Re-exports libproc and libsystem_kernel; always in the shared cache, never a file on disk since macOS 11.</summary>
    public const string Library = "/usr/lib/libSystem.B.dylib";

    // bsd/sys/errno.h
    public const int EPERM = 1;
    public const int ENOENT = 2;
    public const int ESRCH = 3;
    public const int EINTR = 4;
    public const int ENOMEM = 12;
    public const int EACCES = 13;
    public const int EINVAL = 22;
    public const int ENOTSUP = 45;
    public const int EADDRINUSE = 48;
    public const int ENOSYS = 78;
}
