using System.Runtime.CompilerServices;

namespace PortiaWatch.Darwin.Interop;

/// <summary>A C array or union of 4 bytes.</summary>
[InlineArray(4)]
internal struct bytes4
{
    private byte _first;
}
