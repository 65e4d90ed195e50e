using System.Runtime.InteropServices;

namespace PortiaWatch.Darwin.Interop;

internal static partial class libSystem
{
    private static readonly Lock UserNames = new();

    /// <summary>Our effective uid.</summary>
    [LibraryImport(Library)]
    public static partial uint geteuid();

    /// <summary>The login name of a uid; null when it has none. Asks Open Directory, unlike /etc/passwd.</summary>
    public static unsafe string? user_from_uid(uint uid)
    {
        // The C function keeps its answers in a static cache and is not thread-safe.
        lock (UserNames)
            return Marshal.PtrToStringUTF8((nint)user_from_uid(uid, 1));
    }

    /// <summary>The supplementary groups of this process; empty when they cannot be read.</summary>
    public static unsafe uint[] getgroups()
    {
        Span<uint> groups = stackalloc uint[64];
        fixed (uint* start = groups)
        {
            int count = getgroups(groups.Length, start);
            return count <= 0 ? [] : groups[..count].ToArray();
        }
    }

    [LibraryImport(Library)]
    private static unsafe partial byte* user_from_uid(uint uid, int nouser);

    [LibraryImport(Library)]
    private static unsafe partial int getgroups(int gidsetsize, uint* grouplist);
}
