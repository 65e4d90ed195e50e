using System.Runtime.InteropServices;

namespace PortiaWatch.Linux.Interop;

/// <summary>One mmap'd range, unmapped with the handle.</summary>
internal sealed class MappedMemory : SafeHandle
{
    private readonly nuint _lengthBytes;

    public MappedMemory(nint address, nuint lengthBytes)
        : base(-1, ownsHandle: true)
    {
        _lengthBytes = lengthBytes;
        SetHandle(address);
    }

    public override bool IsInvalid => handle is -1 or 0;

    protected override bool ReleaseHandle() => Libc.munmap(handle, _lengthBytes) == 0;
}
