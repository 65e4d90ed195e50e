using System.Runtime.CompilerServices;

namespace PortiaWatch.Darwin.Interop;

/// <summary>A C array or union of 1024 bytes.</summary>
[InlineArray(1024)]
internal struct bytes1024
{
    private byte _first;
}
