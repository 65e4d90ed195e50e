using System.Text;

namespace PortiaWatch.Pipeline.Detection;

/// <summary>The anchors: short strings of which every recognised wording contains at least one, compared without regard to ASCII case.</summary>
internal static class AnchorTable
{
    private static readonly byte[][] Anchors = [.. Words().Select(Encoding.UTF8.GetBytes)];
    private static readonly byte[][] Masks = BuildMasks();

    public static int Lookup(byte first, byte second, byte third, byte fourth) => Masks[0][first] & Masks[1][second] & Masks[2][third] & Masks[3][fourth];

    public static bool Confirms(ReadOnlySpan<byte> text)
    {
        foreach (var anchor in Anchors)
        {
            if (text.Length >= anchor.Length && Ascii.EqualsIgnoreCase(text[..4], anchor.AsSpan(0, 4)) | text[..4].SequenceEqual(anchor.AsSpan(0, 4)) && Matches(text, anchor))
                return true;
        }

        return false;
    }

    private static bool Matches(ReadOnlySpan<byte> text, byte[] anchor)
    {
        for (var i = 0; i < anchor.Length; i++)
        {
            if (Fold(text[i]) != anchor[i])
                return false;
        }

        return true;
    }

    private static byte Fold(byte value) => value is >= (byte)'A' and <= (byte)'Z' ? (byte)(value | 0x20) : value;

    private static byte[][] BuildMasks()
    {
        var masks = new byte[4][];
        for (var position = 0; position < 4; position++)
            masks[position] = new byte[256];
        for (var i = 0; i < Anchors.Length; i++)
        {
            for (var position = 0; position < 4; position++)
            {
                var value = Anchors[i][position];
                masks[position][value] |= (byte)(1 << (i & 7));
                if (value is >= (byte)'a' and <= (byte)'z')
                    masks[position][value & ~0x20] |= (byte)(1 << (i & 7));
            }
        }

        return masks;
    }

    private static IEnumerable<string> Words() =>
    [
        "inuse", "in use", "in_use", "in-use", "in usa", "under us", "alread", "alredy", "allready", "addr", "currentl", "still ", "presently", "taken", "occupied", "busy", "claimed", "engaged", "used by", "being ",
        "other", "something", "someone", "somebody", "anything", "existing", "usage of", "bind", "bound", "listen", "socket", "endpoint", " port ", "conflict", "clash", "collid", "collision", "overlap", " exist",
        "availab", "inaccessib", "not free", "n't free", "10048", "2740", "2147014848", "connect to ('", "message\":[", "message\" : [",
        "adres", "ιεύθ", "direcci", "osoite", "enderez", "cím már", "alamat", "indirizzo", "アドレス", "주소", "endere", "дрес", "naslov", "ịa ch", "地址", "位址", "ที่อยู่", "العنوان", "הכתובת", "套接字", "端位址", "소켓",
        "port", "puerto", "porta", "орт", "ポート", "端口", "連接埠", "连接埠", "訊埠", "佔用", "포트", "poort", "cổng",
    ];
}
