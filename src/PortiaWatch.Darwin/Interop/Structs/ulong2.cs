using System.Runtime.CompilerServices;

namespace PortiaWatch.Darwin.Interop;

/// <summary>uint64_t[2].</summary>
[InlineArray(2)]
internal struct ulong2
{
    private ulong _first;
}
