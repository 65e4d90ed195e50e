namespace PortiaWatch.Pipeline.Sources;

/// <summary>Whole lines that follow each other, as <see cref="LineBlocks"/> cuts them.</summary>
/// <param name="Bytes">Valid until the next look at <see cref="LineBlocks.Free"/>: copy what must live longer.</param>
/// <param name="FirstLine">1-based number of the first line.</param>
/// <param name="FollowsGap">Bytes before this block are missing.</param>
/// <param name="IsCut">The block is the beginning of one line that was too long; the rest of it is skipped.</param>
public readonly record struct LineBlock(ReadOnlyMemory<byte> Bytes, long FirstLine, bool FollowsGap, bool IsCut)
{
    public byte[] ToArray()
    {
        var copy = GC.AllocateUninitializedArray<byte>(Bytes.Length);
        Bytes.CopyTo(copy);
        return copy;
    }
}
