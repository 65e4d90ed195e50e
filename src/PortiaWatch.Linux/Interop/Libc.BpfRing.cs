using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PortiaWatch.Linux.Interop;

/// <summary>mmap(2) of a BPF ring. Names and numbers from sys/mman.h.</summary>
internal static unsafe partial class Libc
{
    public const int PROT_READ = 1;
    public const int PROT_WRITE = 2;
    public const int MAP_SHARED = 1;

    /// <summary>Maps a descriptor shared; throws <see cref="IOException"/> when the kernel refuses.</summary>
    public static MappedMemory map_shared(SafeFileHandle descriptor, nuint lengthBytes, nint offsetBytes, bool writable)
    {
        nint address = mmap(0, lengthBytes, writable ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED, descriptor, offsetBytes);
        return address == -1
            ? throw new IOException($"mmap failed: {Marshal.GetLastPInvokeErrorMessage()}")
            : new MappedMemory(address, lengthBytes);
    }

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int munmap(nint address, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint mmap(nint address, nuint length, int protection, int flags, SafeFileHandle descriptor, nint offset);
}
