using Microsoft.Win32.SafeHandles;
using PortiaWatch.Darwin.Interop;

namespace PortiaWatch.Darwin.Sockets;

/// <summary>A socket of our own, closed with its handle.</summary>
internal sealed class SocketDescriptor : SafeHandleMinusOneIsInvalid
{
    public SocketDescriptor(int descriptor)
        : base(ownsHandle: true) => SetHandle(descriptor);

    public int Number => (int)handle;

    protected override bool ReleaseHandle() => libSystem.close((int)handle) == 0;
}
