namespace PortiaWatch.Pipeline.Detection;

/// <summary>
/// The first look at every byte: a superset of everything that can be recognised, cheap enough to run over whole buffers. A hit means no more than "read this line".
/// </summary>
internal static class AnchorFilter
{
    /// <summary>Position of the next anchor in <paramref name="text"/>; -1 when there is none.</summary>
    public static int IndexOf(ReadOnlySpan<byte> text)
    {
        for (var i = 0; i + 3 < text.Length; i++)
        {
            if (AnchorTable.Lookup(text[i], text[i + 1], text[i + 2], text[i + 3]) != 0 && AnchorTable.Confirms(text[i..]))
                return i;
        }

        return -1;
    }
}
