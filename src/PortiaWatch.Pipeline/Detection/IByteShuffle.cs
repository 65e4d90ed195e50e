using System.Runtime.Intrinsics;

namespace PortiaWatch.Pipeline.Detection;

/// <summary>A processor's look-up of sixteen entries at once.</summary>
internal interface IByteShuffle
{
    /// <summary>The entries of <paramref name="table"/> at <paramref name="index"/>, each below 16.</summary>
    static abstract Vector128<byte> Pick(Vector128<byte> table, Vector128<byte> index);

    /// <summary>The entries at the low halves of <paramref name="value"/>; zero or any for bytes beyond ASCII.</summary>
    static abstract Vector128<byte> PickAscii(Vector128<byte> table, Vector128<byte> value);
}
