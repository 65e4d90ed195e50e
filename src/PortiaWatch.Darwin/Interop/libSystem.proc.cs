using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PortiaWatch.Darwin.Interop;

// The libproc functions return 0 both for an error and for an empty success; the generated stubs clear errno first, so that an errno of 0 means the latter.
internal static partial class libSystem
{
    // bsd/sys/proc_info.h
    public const int PROC_ALL_PIDS = 1;
    public const int PROC_UID_ONLY = 4;
    public const int PROC_RUID_ONLY = 5;
    public const int PROC_PPID_ONLY = 6;
    public const int PROC_PIDLISTFDS = 1;
    public const int PROC_PIDTBSDINFO = 3;
    public const int PROC_PIDVNODEPATHINFO = 9;
    public const int PROC_PIDT_SHORTBSDINFO = 13;
    public const int PROC_PIDLISTFILEPORTS = 14;
    public const int PROC_PIDUNIQIDENTIFIERINFO = 17;
    public const int PROC_PIDFDVNODEPATHINFO = 2;
    public const int PROC_PIDFDSOCKETINFO = 3;
    public const int PROC_PIDFILEPORTSOCKETINFO = 3;
    public const int PROC_PIDPATHINFO_MAXSIZE = 4096;
    public const int PROX_FDTYPE_SOCKET = 2;
    public const int SOCKINFO_IN = 1;
    public const int SOCKINFO_TCP = 2;
    public const int SOCKINFO_UN = 3;

    /// <summary>bsd/sys/proc.h: a process that has ended and waits for its parent.</summary>
    public const int SZOMB = 5;

    /// <summary>Reads one fixed structure about a process. False with the errno when it is refused or there is no such process.</summary>
    public static unsafe bool proc_pidinfo<T>(int pid, int flavor, ulong arg, out T info, out int errno)
        where T : unmanaged
    {
        info = default;
        fixed (T* buffer = &info)
        {
            int read = proc_pidinfo(pid, flavor, arg, buffer, sizeof(T));
            errno = read == sizeof(T) ? 0 : Marshal.GetLastPInvokeError();
            return read == sizeof(T);
        }
    }

    /// <summary>Reads a list about a process into <paramref name="buffer"/>. Returns the bytes written; 0 with errno 0 means that the list is empty.</summary>
    public static unsafe int proc_pidinfo<T>(int pid, int flavor, Span<T> buffer, out int errno)
        where T : unmanaged
    {
        fixed (T* start = buffer)
        {
            int read = proc_pidinfo(pid, flavor, 0, start, buffer.Length * sizeof(T));
            errno = read > 0 ? 0 : Marshal.GetLastPInvokeError();
            return Math.Max(read, 0);
        }
    }

    /// <summary>Reads what <paramref name="flavor"/> says of a descriptor.</summary>
    public static unsafe bool proc_pidfdinfo<T>(int pid, int fd, int flavor, out T info)
        where T : unmanaged
    {
        // 792 bytes for a socket, all written by the kernel on success: clearing them first would cost more than the call.
        Unsafe.SkipInit(out info);
        fixed (T* buffer = &info)
            return proc_pidfdinfo(pid, fd, flavor, buffer, sizeof(T)) == sizeof(T);
    }

    /// <summary>Reads what <paramref name="flavor"/> says of a descriptor parked in a Mach port.</summary>
    public static unsafe bool proc_pidfileportinfo<T>(int pid, uint fileport, int flavor, out T info)
        where T : unmanaged
    {
        Unsafe.SkipInit(out info);
        fixed (T* buffer = &info)
            return proc_pidfileportinfo(pid, fileport, flavor, buffer, sizeof(T)) == sizeof(T);
    }

    /// <summary>Fills <paramref name="buffer"/> with pids; returns how many, 0 when the call is refused. A full buffer may mean that there are more.</summary>
    public static unsafe int proc_listpids(int type, uint typeinfo, Span<int> buffer)
    {
        fixed (int* start = buffer)
            return Math.Max(proc_listpids((uint)type, typeinfo, start, buffer.Length * sizeof(int)), 0) / sizeof(int);
    }

    /// <summary>The executable's path as UTF-8; 0 bytes when it cannot be told.</summary>
    public static unsafe int proc_pidpath(int pid, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
            return Math.Max(proc_pidpath(pid, start, (uint)buffer.Length), 0);
    }

    [LibraryImport(Library, SetLastError = true)]
    private static unsafe partial int proc_pidinfo(int pid, int flavor, ulong arg, void* buffer, int buffersize);

    [LibraryImport(Library)]
    private static unsafe partial int proc_pidfdinfo(int pid, int fd, int flavor, void* buffer, int buffersize);

    [LibraryImport(Library)]
    private static unsafe partial int proc_pidfileportinfo(int pid, uint fileport, int flavor, void* buffer, int buffersize);

    [LibraryImport(Library)]
    private static unsafe partial int proc_listpids(uint type, uint typeinfo, void* buffer, int buffersize);

    [LibraryImport(Library)]
    private static unsafe partial int proc_pidpath(int pid, void* buffer, uint buffersize);
}
