using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace PortiaWatch.Pipeline.Detection;

/// <summary>On Arm64, where an index beyond the table yields zero.</summary>
internal readonly struct ArmShuffle : IByteShuffle
{
    public static Vector128<byte> Pick(Vector128<byte> table, Vector128<byte> index) => AdvSimd.Arm64.VectorTableLookup(table, index);

    public static Vector128<byte> PickAscii(Vector128<byte> table, Vector128<byte> value) => AdvSimd.Arm64.VectorTableLookup(table, value & Vector128.Create((byte)0x0f));
}
