using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace PortiaWatch.Pipeline.Detection;

/// <summary>
/// The loops behind <see cref="AnchorFilter"/>. Each returns where the first block begins that may hold an anchor (or has a byte beyond ASCII, of which nothing is known yet),
/// with a bit in <c>lanes</c> for each position that may; or the complement of the position where what is left is too short. They are leaves: a call inside the loop would
/// spill the tables from their registers. Tier-0 code would be ten times slower, so they are never compiled that way. Only what every processor of that width has is written
/// as an operator; code compiled ahead of time would else call a method for it.
/// </summary>
internal static class AnchorSweep
{
    /// <summary>Bytes of the block that a loop of this width answers for.</summary>
    public static int Block(int width) => width == 16 ? 16 : 64;

    // A look-up of 128 entries tells the exact letter: no second table for the high half, and no false alarm from a letter in the same row.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Find512(ref byte start, int at, int length, ref ulong lanes)
    {
        var tables = Anchors.PlainTables;
        var first0 = tables.First(0);
        var first1 = tables.First(1);
        var first2 = tables.First(2);
        var first3 = tables.First(3);
        var second0 = tables.Second(0);
        var second1 = tables.Second(1);
        var second2 = tables.Second(2);
        var second3 = tables.Second(3);
        var beyond = Vector512.Create((byte)0x80);
        for (; at + 64 + Anchors.Length <= length; at += 64)
        {
            var v0 = Load512(ref start, at);
            var v3 = Load512(ref start, at + 3);
            var both = Avx512F.And(
                Avx512F.And(Avx512Vbmi.PermuteVar64x8x2(first0, v0, second0), Avx512Vbmi.PermuteVar64x8x2(first1, Load512(ref start, at + 1), second1)),
                Avx512F.And(Avx512Vbmi.PermuteVar64x8x2(first2, Load512(ref start, at + 2), second2), Avx512Vbmi.PermuteVar64x8x2(first3, v3, second3)));
            if (Avx512F.Or(both, Avx512F.And(Avx512F.Or(v0, v3), beyond)) == Vector512<byte>.Zero)
                continue;
            lanes = ~Vector512.Equals(both, Vector512<byte>.Zero).ExtractMostSignificantBits();
            return at;
        }

        return ~at;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Find256(ref byte start, int at, int length, ref ulong lanes)
    {
        var tables = Anchors.PlainTables;
        var low0 = tables.Low(0);
        var low1 = tables.Low(1);
        var low2 = tables.Low(2);
        var low3 = tables.Low(3);
        var high0 = tables.High(0);
        var high1 = tables.High(1);
        var high2 = tables.High(2);
        var high3 = tables.High(3);
        var half = Vector256.Create((byte)0x0f);
        var beyond = Vector256.Create((byte)0x80);
        for (; at + 64 + Anchors.Length <= length; at += 64)
        {
            var a0 = Load256(ref start, at);
            var a1 = Load256(ref start, at + 1);
            var a2 = Load256(ref start, at + 2);
            var a3 = Load256(ref start, at + 3);
            // A shuffle by a byte beyond ASCII gives zero, so the low half needs no mask.
            var a = Avx2.And(
                Avx2.And(
                    Avx2.And(Avx2.Shuffle(low0, a0), Avx2.Shuffle(high0, Avx2.And(Avx2.ShiftRightLogical(a0.AsUInt16(), 4).AsByte(), half))),
                    Avx2.And(Avx2.Shuffle(low1, a1), Avx2.Shuffle(high1, Avx2.And(Avx2.ShiftRightLogical(a1.AsUInt16(), 4).AsByte(), half)))),
                Avx2.And(
                    Avx2.And(Avx2.Shuffle(low2, a2), Avx2.Shuffle(high2, Avx2.And(Avx2.ShiftRightLogical(a2.AsUInt16(), 4).AsByte(), half))),
                    Avx2.And(Avx2.Shuffle(low3, a3), Avx2.Shuffle(high3, Avx2.And(Avx2.ShiftRightLogical(a3.AsUInt16(), 4).AsByte(), half)))));
            var b0 = Load256(ref start, at + 32);
            var b1 = Load256(ref start, at + 33);
            var b2 = Load256(ref start, at + 34);
            var b3 = Load256(ref start, at + 35);
            var b = Avx2.And(
                Avx2.And(
                    Avx2.And(Avx2.Shuffle(low0, b0), Avx2.Shuffle(high0, Avx2.And(Avx2.ShiftRightLogical(b0.AsUInt16(), 4).AsByte(), half))),
                    Avx2.And(Avx2.Shuffle(low1, b1), Avx2.Shuffle(high1, Avx2.And(Avx2.ShiftRightLogical(b1.AsUInt16(), 4).AsByte(), half)))),
                Avx2.And(
                    Avx2.And(Avx2.Shuffle(low2, b2), Avx2.Shuffle(high2, Avx2.And(Avx2.ShiftRightLogical(b2.AsUInt16(), 4).AsByte(), half))),
                    Avx2.And(Avx2.Shuffle(low3, b3), Avx2.Shuffle(high3, Avx2.And(Avx2.ShiftRightLogical(b3.AsUInt16(), 4).AsByte(), half)))));
            var any = Avx2.Or(Avx2.Or(a, b), Avx2.And(Avx2.Or(Avx2.Or(a0, b0), b3), beyond));
            if (Avx.TestZ(any, any))
                continue;
            lanes = ~((uint)Avx2.MoveMask(Avx2.CompareEqual(a, Vector256<byte>.Zero)) | (ulong)(uint)Avx2.MoveMask(Avx2.CompareEqual(b, Vector256<byte>.Zero)) << 32);
            return at;
        }

        return ~at;
    }

    /// <summary>With the shuffle that the caller found: code compiled ahead of time would else ask the processor again at every one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Find128<TShuffle>(ref byte start, int at, int length, ref ulong lanes)
        where TShuffle : IByteShuffle
    {
        var tables = Anchors.PlainTables;
        var low0 = tables.Low(0).GetLower();
        var low1 = tables.Low(1).GetLower();
        var low2 = tables.Low(2).GetLower();
        var low3 = tables.Low(3).GetLower();
        var high0 = tables.High(0).GetLower();
        var high1 = tables.High(1).GetLower();
        var high2 = tables.High(2).GetLower();
        var high3 = tables.High(3).GetLower();
        var beyond = Vector128.Create((byte)0x80);
        for (; at + 16 + Anchors.Length <= length; at += 16)
        {
            var v0 = Vector128.LoadUnsafe(ref start, (nuint)at);
            var v1 = Vector128.LoadUnsafe(ref start, (nuint)at + 1);
            var v2 = Vector128.LoadUnsafe(ref start, (nuint)at + 2);
            var v3 = Vector128.LoadUnsafe(ref start, (nuint)at + 3);
            var both = TShuffle.PickAscii(low0, v0) & TShuffle.Pick(high0, v0 >>> 4) & TShuffle.PickAscii(low1, v1) & TShuffle.Pick(high1, v1 >>> 4)
                & TShuffle.PickAscii(low2, v2) & TShuffle.Pick(high2, v2 >>> 4) & TShuffle.PickAscii(low3, v3) & TShuffle.Pick(high3, v3 >>> 4);
            if ((both | ((v0 | v3) & beyond)) == Vector128<byte>.Zero)
                continue;
            lanes = ~Vector128.Equals(both, Vector128<byte>.Zero).ExtractMostSignificantBits() & 0xffff;
            return at;
        }

        return ~at;
    }

    /// <summary>For the 32 bytes at <paramref name="at"/>, a bit for each position that may be an anchor with a letter beyond ASCII.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static uint Foreign256(ref byte start, int at)
    {
        var half = Vector256.Create((byte)0x0f);
        var both = Vector256<byte>.AllBitsSet;
        for (var position = 0; position < Anchors.Length; position++)
        {
            var v = Load256(ref start, at + position);
            both = Avx2.And(both, Avx2.And(
                Avx2.Shuffle(Anchors.ForeignTables.Low(position), Avx2.And(v, half)),
                Avx2.Shuffle(Anchors.ForeignTables.High(position), Avx2.And(Avx2.ShiftRightLogical(v.AsUInt16(), 4).AsByte(), half))));
        }

        return ~(uint)Avx2.MoveMask(Avx2.CompareEqual(both, Vector256<byte>.Zero));
    }

    /// <summary>The same for 16 bytes.</summary>
    public static uint Foreign128<TShuffle>(ref byte start, int at)
        where TShuffle : IByteShuffle
    {
        var half = Vector128.Create((byte)0x0f);
        var both = Vector128<byte>.AllBitsSet;
        for (var position = 0; position < Anchors.Length; position++)
        {
            var v = Vector128.LoadUnsafe(ref start, (nuint)(at + position));
            both &= TShuffle.Pick(Anchors.ForeignTables.Low(position).GetLower(), v & half) & TShuffle.Pick(Anchors.ForeignTables.High(position).GetLower(), v >>> 4);
        }

        return ~Vector128.Equals(both, Vector128<byte>.Zero).ExtractMostSignificantBits() & 0xffff;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Load512(ref byte start, int at) => Unsafe.ReadUnaligned<Vector512<byte>>(ref Unsafe.Add(ref start, at));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Load256(ref byte start, int at) => Unsafe.ReadUnaligned<Vector256<byte>>(ref Unsafe.Add(ref start, at));
}
