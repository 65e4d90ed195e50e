namespace PortiaWatch.Pipeline.Detection;

/// <summary>
/// The second look, at a line with an anchor: whether it can tell of a refused bind at all. Most lines with "listening" or "port 80" in them report success and are left
/// here, before anything is allocated. Like the anchors, a superset of what is recognised.
/// </summary>
internal static class LineSigns
{
    private const int Slots = 1024;
    private const byte Enough = 1;
    private const byte Noun = 2;
    private const byte Predicate = 4;

    // By themselves they are worth reading: "in use", "already", a message as bytes.
    private static readonly string[] Sufficient = ["in u", "in_u", "in-u", "inus", "alre"];

    private static readonly string[] Nouns = ["port", "addr", "sock", "sten", "bind", "boun", "dpoi", "ispl", "to ('", "adre"];

    private static readonly string[] Predicates =
    [
        "fail", "anno", "an't", "ould", "nabl", "rror", "xcep", "aken", "ccup", "ocup", "busy", "laim", "ngag", "ed b", "bein", "noth", "othe", "omet", "omeo", "omeb", "xist", "nyth", "onfl", "lash", "olli", "verl", "vail", "ccess",
        "free", "1004", "2740", "rrno", "code", "usag", "use ", "used", "ando", "bele", "gebr", "soqu", "reit", "lere", "edan", "did ", "able", "jede", "elk ",
    ];

    private static readonly (uint Key, byte Sign)[] Table = Build();

    public static bool AreWorthReading(ReadOnlySpan<byte> line)
    {
        byte signs = 0;
        uint window = 0;
        for (var i = 0; i < line.Length; i++)
        {
            var value = line[i];
            if (value >= 0x80)
                return true;
            window = window << 8 | (value is >= (byte)'A' and <= (byte)'Z' ? (byte)(value | 0x20) : value);
            for (var slot = Slot(window); Table[slot].Sign != 0; slot = (slot + 1) % Slots)
            {
                if (Table[slot].Key != window)
                    continue;
                signs |= Table[slot].Sign;
                if ((signs & Enough) != 0 || signs == (Noun | Predicate))
                    return true;
                break;
            }
        }

        return line.IndexOf("MESSAGE\":["u8) >= 0;
    }

    private static (uint Key, byte Sign)[] Build()
    {
        var table = new (uint Key, byte Sign)[Slots];
        Put(table, Sufficient, Enough);
        Put(table, Nouns, Noun);
        Put(table, Predicates, Predicate);
        return table;
    }

    private static void Put((uint Key, byte Sign)[] table, string[] signs, byte sign)
    {
        foreach (var text in signs)
        {
            uint key = 0;
            foreach (var c in text.AsSpan(0, 4))
                key = key << 8 | c;
            var slot = Slot(key);
            while (table[slot].Sign != 0 && table[slot].Key != key)
                slot = (slot + 1) % Slots;
            table[slot] = (key, (byte)(table[slot].Sign | sign));
        }
    }

    private static int Slot(uint key) => (int)(key * 2654435761u >> 22);
}
