using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace PortiaWatch.Pipeline.Detection;

/// <summary>
/// The first look at every byte: finds the next anchor. The method is ripgrep's and Hyperscan's "Teddy": for each of four consecutive bytes a shuffle yields the set of buckets
/// that may have that byte there; where the four sets share a bucket, a hash and then the exact comparison decide. Four paths of different width give the same answer.
/// </summary>
internal static class AnchorFilter
{
    /// <summary>The widest vectors worth using here, in bytes; 1 when there are none.</summary>
    public static int Widest { get; } = Avx512Vbmi.IsSupported && Avx2.IsSupported ? 64 : Avx2.IsSupported ? 32 : Ssse3.IsSupported || AdvSimd.Arm64.IsSupported ? 16 : 1;

    /// <summary>Position of the next anchor in <paramref name="text"/>; -1 when there is none.</summary>
    public static int IndexOf(ReadOnlySpan<byte> text) => IndexOf(text, Widest);

    /// <summary>The same with vectors of the given width: 64, 32, 16 or 1.</summary>
    public static int IndexOf(ReadOnlySpan<byte> text, int width)
    {
        ref var start = ref MemoryMarshal.GetReference(text);
        var at = 0;
        while (width > 1)
        {
            ulong lanes = 0;
            at = width switch
            {
                64 => AnchorSweep.Find512(ref start, at, text.Length, ref lanes),
                32 => AnchorSweep.Find256(ref start, at, text.Length, ref lanes),
                _ when Ssse3.IsSupported => AnchorSweep.Find128<Ssse3Shuffle>(ref start, at, text.Length, ref lanes),
                _ => AnchorSweep.Find128<ArmShuffle>(ref start, at, text.Length, ref lanes),
            };
            if (at < 0)
            {
                // What is left at the end is too short for a vector.
                at = ~at;
                break;
            }

            lanes |= width > 16 ? AnchorSweep.Foreign256(ref start, at) | (ulong)AnchorSweep.Foreign256(ref start, at + 32) << 32
                : Ssse3.IsSupported ? AnchorSweep.Foreign128<Ssse3Shuffle>(ref start, at) : AnchorSweep.Foreign128<ArmShuffle>(ref start, at);
            for (; lanes != 0; lanes &= lanes - 1)
            {
                var position = at + BitOperations.TrailingZeroCount(lanes);
                if (IsHash(ref start, position) && Anchors.IsAt(text, position))
                    return position;
            }

            at += AnchorSweep.Block(width);
        }

        for (; at + Anchors.Length <= text.Length; at++)
        {
            if (IsHash(ref start, at) && Anchors.IsAt(text, at))
                return at;
        }

        return -1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsHash(ref byte start, int at) => Unsafe.Add(ref Anchors.Hashes, Anchors.Hash(Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref start, at)))) != 0;
}
