using System.Runtime.InteropServices;

namespace PortiaWatch.Interop;

/// <summary>A file descriptor of ours, closed with its owner.</summary>
internal sealed class Descriptor : SafeHandle
{
    public Descriptor(int number)
        : base(-1, ownsHandle: true) => SetHandle(number);

    public override bool IsInvalid => handle < 0;

    /// <summary>Valid while the owner keeps this object.</summary>
    public int Number => (int)handle;

    protected override bool ReleaseHandle() => Libc.close((int)handle) == 0;
}
