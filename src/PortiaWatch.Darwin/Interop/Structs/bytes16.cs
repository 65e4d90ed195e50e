using System.Runtime.CompilerServices;

namespace PortiaWatch.Darwin.Interop;

/// <summary>A C array or union of 16 bytes.</summary>
[InlineArray(16)]
internal struct bytes16
{
    private byte _first;
}
