using System.Runtime.CompilerServices;

namespace PortiaWatch.Darwin.Interop;

/// <summary>A C array or union of 104 bytes.</summary>
[InlineArray(104)]
internal struct bytes104
{
    private byte _first;
}
