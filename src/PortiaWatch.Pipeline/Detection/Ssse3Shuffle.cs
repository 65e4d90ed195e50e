using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace PortiaWatch.Pipeline.Detection;

/// <summary>On x64. The instruction itself looks only at the low half of a byte in ASCII.</summary>
internal readonly struct Ssse3Shuffle : IByteShuffle
{
    public static Vector128<byte> Pick(Vector128<byte> table, Vector128<byte> index) => Ssse3.Shuffle(table, index);

    public static Vector128<byte> PickAscii(Vector128<byte> table, Vector128<byte> value) => Ssse3.Shuffle(table, value);
}
