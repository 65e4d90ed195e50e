using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace PortiaWatch.Pipeline.Detection;

/// <summary>
/// The first look at every byte: finds the next anchor. The method is ripgrep's and Hyperscan's "Teddy": for each of four consecutive bytes a shuffle by the low and one by
/// the high half yields the set of buckets that may have that byte there; where the four sets share a bucket, a hash and then the exact comparison decide. Three paths of
/// different width give the same answer.
/// </summary>
internal static class AnchorFilter
{
    /// <summary>The widest vectors worth using here, in bytes; 1 when there are none. 64 bytes a step were measured slower than 32: the processor splits them.</summary>
    public static int Widest { get; } = Avx2.IsSupported ? 32 : Vector128.IsHardwareAccelerated ? 16 : 1;

    /// <summary>Position of the next anchor in <paramref name="text"/>; -1 when there is none.</summary>
    public static int IndexOf(ReadOnlySpan<byte> text) => IndexOf(text, Widest);

    /// <summary>The same with vectors of the given width: 32, 16 or 1.</summary>
    public static int IndexOf(ReadOnlySpan<byte> text, int width)
    {
        ref var start = ref MemoryMarshal.GetReference(text);
        for (var at = 0; ;)
        {
            var found = width switch
            {
                32 => Find256(ref start, at, text.Length),
                16 => Find128(ref start, at, text.Length),
                _ => Find1(ref start, at, text.Length),
            };
            // What is left at the end is too short for a vector.
            if (found < 0 && width > 1)
                found = Find1(ref start, ~found, text.Length);
            if (found < 0)
                return -1;
            if (Anchors.IsAt(text, found))
                return found;
            at = found + 1;
        }
    }

    // The sweeps are leaves: a call inside the loop would spill the tables from their registers, and leaving the loop for every false alarm would load them again. Tier-0
    // code would be ten times slower, so they are never compiled that way. Each returns a position, or the complement of the one where it had to stop.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Find256(ref byte start, int at, int length)
    {
        ref var hashes = ref Anchors.Hashes;
        var low0 = Anchors.Low(0);
        var low1 = Anchors.Low(1);
        var low2 = Anchors.Low(2);
        var low3 = Anchors.Low(3);
        var high0 = Anchors.High(0);
        var high1 = Anchors.High(1);
        var high2 = Anchors.High(2);
        var high3 = Anchors.High(3);
        var half = Vector256.Create((byte)0x0f);
        for (; at + 32 + Anchors.Length <= length; at += 32)
        {
            var v0 = Vector256.LoadUnsafe(ref start, (nuint)at);
            var v1 = Vector256.LoadUnsafe(ref start, (nuint)at + 1);
            var v2 = Vector256.LoadUnsafe(ref start, (nuint)at + 2);
            var v3 = Vector256.LoadUnsafe(ref start, (nuint)at + 3);
            var both = Avx2.Shuffle(low0, v0 & half) & Avx2.Shuffle(high0, (v0.AsUInt16() >>> 4).AsByte() & half)
                & Avx2.Shuffle(low1, v1 & half) & Avx2.Shuffle(high1, (v1.AsUInt16() >>> 4).AsByte() & half)
                & Avx2.Shuffle(low2, v2 & half) & Avx2.Shuffle(high2, (v2.AsUInt16() >>> 4).AsByte() & half)
                & Avx2.Shuffle(low3, v3 & half) & Avx2.Shuffle(high3, (v3.AsUInt16() >>> 4).AsByte() & half);
            if (both == Vector256<byte>.Zero)
                continue;
            for (var lanes = ~Vector256.Equals(both, Vector256<byte>.Zero).ExtractMostSignificantBits(); lanes != 0; lanes &= lanes - 1)
            {
                var position = at + BitOperations.TrailingZeroCount(lanes);
                if (Unsafe.Add(ref hashes, Anchors.Hash(Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref start, position)))) != 0)
                    return position;
            }
        }

        return ~at;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Find128(ref byte start, int at, int length)
    {
        ref var hashes = ref Anchors.Hashes;
        var low0 = Anchors.Low(0).GetLower();
        var low1 = Anchors.Low(1).GetLower();
        var low2 = Anchors.Low(2).GetLower();
        var low3 = Anchors.Low(3).GetLower();
        var high0 = Anchors.High(0).GetLower();
        var high1 = Anchors.High(1).GetLower();
        var high2 = Anchors.High(2).GetLower();
        var high3 = Anchors.High(3).GetLower();
        var half = Vector128.Create((byte)0x0f);
        for (; at + 16 + Anchors.Length <= length; at += 16)
        {
            var v0 = Vector128.LoadUnsafe(ref start, (nuint)at);
            var v1 = Vector128.LoadUnsafe(ref start, (nuint)at + 1);
            var v2 = Vector128.LoadUnsafe(ref start, (nuint)at + 2);
            var v3 = Vector128.LoadUnsafe(ref start, (nuint)at + 3);
            var both = Pick(low0, v0 & half) & Pick(high0, v0 >>> 4)
                & Pick(low1, v1 & half) & Pick(high1, v1 >>> 4)
                & Pick(low2, v2 & half) & Pick(high2, v2 >>> 4)
                & Pick(low3, v3 & half) & Pick(high3, v3 >>> 4);
            if (both == Vector128<byte>.Zero)
                continue;
            for (var lanes = ~Vector128.Equals(both, Vector128<byte>.Zero).ExtractMostSignificantBits() & 0xffff; lanes != 0; lanes &= lanes - 1)
            {
                var position = at + BitOperations.TrailingZeroCount(lanes);
                if (Unsafe.Add(ref hashes, Anchors.Hash(Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref start, position)))) != 0)
                    return position;
            }
        }

        return ~at;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Pick(Vector128<byte> table, Vector128<byte> index) =>
        Ssse3.IsSupported ? Ssse3.Shuffle(table, index) : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.VectorTableLookup(table, index) : Vector128.Shuffle(table, index);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Find1(ref byte start, int at, int length)
    {
        ref var hashes = ref Anchors.Hashes;
        for (; at + Anchors.Length <= length; at++)
        {
            if (Unsafe.Add(ref hashes, Anchors.Hash(Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref start, at)))) != 0)
                return at;
        }

        return ~at;
    }
}
