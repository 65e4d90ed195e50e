using System.Runtime.CompilerServices;

namespace PortiaWatch.Darwin.Interop;

/// <summary>A C array or union of 17 bytes.</summary>
[InlineArray(17)]
internal struct bytes17
{
    private byte _first;
}
