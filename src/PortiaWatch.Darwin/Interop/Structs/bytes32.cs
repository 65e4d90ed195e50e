using System.Runtime.CompilerServices;

namespace PortiaWatch.Darwin.Interop;

/// <summary>A C array or union of 32 bytes.</summary>
[InlineArray(32)]
internal struct bytes32
{
    private byte _first;
}
