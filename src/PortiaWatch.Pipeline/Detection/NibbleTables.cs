using System.Runtime.Intrinsics;

namespace PortiaWatch.Pipeline.Detection;

/// <summary>
/// Which of eight buckets of anchors may have a byte at each of the four positions: a table by the byte's low half and one by its high half for a shuffle, and one by its lower
/// seven bits for the processors that look up 128 entries at once.
/// </summary>
internal sealed class NibbleTables
{
    private readonly byte[] _low = new byte[Anchors.Length * 32];
    private readonly byte[] _high = new byte[Anchors.Length * 32];
    private readonly byte[] _ascii = new byte[Anchors.Length * 128];

    public NibbleTables(byte[][][] buckets)
    {
        for (var bucket = 0; bucket < buckets.Length; bucket++)
        {
            foreach (var anchor in buckets[bucket])
            {
                for (var position = 0; position < Anchors.Length; position++)
                {
                    var value = anchor[position];
                    Allow(position, value, (byte)(1 << bucket));
                    if (value is >= (byte)'a' and <= (byte)'z')
                        Allow(position, value & ~0x20, (byte)(1 << bucket));
                }
            }
        }
    }

    /// <summary>For each low half of a byte at <paramref name="position"/> the buckets that may have it there; the same sixteen entries in both lanes.</summary>
    public Vector256<byte> Low(int position) => Vector256.Create(_low, position * 32);

    public Vector256<byte> High(int position) => Vector256.Create(_high, position * 32);

    /// <summary>The buckets of the characters 0 to 63 at <paramref name="position"/>.</summary>
    public Vector512<byte> First(int position) => Vector512.Create(_ascii, position * 128);

    /// <summary>The buckets of the characters 64 to 127.</summary>
    public Vector512<byte> Second(int position) => Vector512.Create(_ascii, position * 128 + 64);

    private void Allow(int position, int value, byte bucket)
    {
        for (var lane = 0; lane < 32; lane += 16)
        {
            _low[position * 32 + lane + (value & 15)] |= bucket;
            _high[position * 32 + lane + (value >> 4)] |= bucket;
        }

        if (value < 128)
            _ascii[position * 128 + value] |= bucket;
    }
}
