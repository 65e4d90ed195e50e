using Microsoft.Win32.SafeHandles;

namespace PortiaWatch.Linux.Interop;

/// <summary>Owns one file descriptor that .NET has no type for (pidfd, netlink socket, eventfd, namespace).</summary>
internal sealed class Descriptor : SafeHandleMinusOneIsInvalid
{
    public Descriptor(int fd)
        : base(ownsHandle: true) => SetHandle(fd);

    /// <summary>Valid while the caller keeps this object alive.</summary>
    public int Number => (int)handle;

    protected override bool ReleaseHandle() => Libc.close((int)handle) == 0;
}
