using System.Runtime.InteropServices;

namespace PortiaWatch.Darwin.Interop;

internal static partial class libSystem
{
    // bsd/sys/sysctl.h
    public const int CTL_KERN = 1;
    public const int KERN_PROC = 14;
    public const int KERN_PROC_PID = 1;
    public const int KERN_ARGMAX = 8;
    public const int KERN_PROCARGS2 = 49;

    /// <summary>Fills <paramref name="buffer"/> from a named value.</summary>
    /// <param name="name">Null-terminated by the marshaller.</param>
    /// <param name="buffer">Empty asks for the size that would be needed.</param>
    /// <param name="length">Bytes copied, also after ENOMEM; for an empty buffer the size to provide.</param>
    /// <returns>0 or an errno value.</returns>
    public static unsafe int sysctlbyname(string name, Span<byte> buffer, out int length)
    {
        nuint size = (nuint)buffer.Length;
        int result;
        int errno;
        fixed (byte* old = buffer)
        {
            result = sysctlbyname(name, buffer.IsEmpty ? null : old, &size, null, 0);
            errno = Marshal.GetLastPInvokeError();
        }

        length = (int)Math.Min(size, int.MaxValue);
        return result == 0 ? 0 : errno;
    }

    /// <summary>As <see cref="sysctlbyname(string, Span{byte}, out int)"/>, by number.</summary>
    public static unsafe int sysctl(ReadOnlySpan<int> name, Span<byte> buffer, out int length)
    {
        nuint size = (nuint)buffer.Length;
        int result;
        int errno;
        fixed (int* mib = name)
        fixed (byte* old = buffer)
        {
            result = sysctl(mib, (uint)name.Length, buffer.IsEmpty ? null : old, &size, null, 0);
            errno = Marshal.GetLastPInvokeError();
        }

        length = (int)Math.Min(size, int.MaxValue);
        return result == 0 ? 0 : errno;
    }

    [LibraryImport(Library, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int sysctlbyname(string name, void* oldp, nuint* oldlenp, void* newp, nuint newlen);

    [LibraryImport(Library, SetLastError = true)]
    private static unsafe partial int sysctl(int* name, uint namelen, void* oldp, nuint* oldlenp, void* newp, nuint newlen);
}
