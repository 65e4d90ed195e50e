namespace PortiaWatch.Pipeline.Detection;

/// <summary>
/// The second look, at a line with an anchor: whether it can tell of a refused bind at all. Most lines with "listening" or "port 80" in them report success and are left
/// here, before anything is allocated. Like the anchors, a superset of what is recognised.
/// </summary>
internal static class LineSigns
{
    private const int SlotBits = 12;
    private const byte Enough = 1;
    private const byte Noun = 2;
    private const byte Predicate = 4;
    private const byte Already = 8;
    private const byte Follows = 16;

    // By themselves they are worth reading.
    private static readonly string[] InUse = ["in u", "in_u", "in-u", "inus"];

    private static readonly string[] Nouns = ["port", "addr", "sock", "sten", "bind", "boun", "dpoi", "ispl", "to ('", "adre", "tcp/", "udp/", "tfwd"];

    private static readonly string[] Predicates =
    [
        "fail", "anno", "an't", "ould", "nabl", "rror", "xcep", "aken", "ccup", "ocup", "busy", "laim", "ngag", "ed b", "bein", "noth", "othe", "omet", "omeo", "omeb", "xist", "nyth", "onfl", "lash",
        "olli", "verl", "vail", "cces", "free", "1004", "2740", "rrno", "usag", "ando", "bele", "gebr", "soqu", "reit", "lere", "edan", "did ", " abl", "jede", "elk ",
    ];

    // "already" means nothing to us before "exists" or "up to date".
    private static readonly string[] AfterAlready =
    [
        "aken", "ccup", "ocup", "used", "allo", "boun", "runn", "sten", "acti", "usin", "g on", "g at", "open", "busy", "assi", "regi", "expo", "publ", "rese", "held", "star", "bein", "addr", "ispl", "sock",
        "laim", "serv", "mapp", "forw", "port",
    ];

    private static readonly byte[] Signs = new byte[1 << SlotBits];
    private static readonly uint[] Keys = BuildKeys();

    public static bool AreWorthReading(ReadOnlySpan<byte> line)
    {
        if (line.Length > 0 && line[0] == (byte)'{')
        {
            if (line.IndexOf("MESSAGE\":["u8) >= 0)
                return true;
            line = MessageOf(line);
        }

        var signs = 0;
        uint window = 0;
        foreach (var value in line)
        {
            if (value >= 0x80)
                return true;
            window = window << 8 | (value is >= (byte)'A' and <= (byte)'Z' ? value | 0x20u : value);
            var slot = Slot(window);
            if (Signs[slot] == 0)
                continue;
            while (Signs[slot] != 0 && Keys[slot] != window)
                slot = (slot + 1) & (Signs.Length - 1);
            signs |= Signs[slot];
            if ((signs & Enough) != 0 || (signs & (Noun | Predicate)) == (Noun | Predicate) || (signs & (Already | Follows)) == (Already | Follows))
                return true;
        }

        return false;
    }

    // A record of journald or log stream is a kilobyte of fields around one message. Where it is not found at once, the whole line is looked at.
    private static ReadOnlySpan<byte> MessageOf(ReadOnlySpan<byte> record)
    {
        var name = "\"eventMessage\":\""u8;
        var start = record.IndexOf(name);
        if (start < 0)
        {
            name = "\"MESSAGE\":\""u8;
            start = record.IndexOf(name);
        }

        if (start < 0)
            return record;
        var message = record[(start + name.Length)..];
        for (var end = 0; end < message.Length; end++)
        {
            var quote = message[end..].IndexOfAny((byte)'"', (byte)'\\');
            if (quote < 0)
                break;
            end += quote;
            if (message[end] == (byte)'"')
                return message[..end];
            end++;
        }

        return message;
    }

    private static uint[] BuildKeys()
    {
        var keys = new uint[Signs.Length];
        Put(keys, InUse, Enough);
        Put(keys, Anchors.Escaped, Enough);
        Put(keys, Nouns, Noun);
        Put(keys, Predicates, Predicate);
        Put(keys, ["alre"], Already);
        Put(keys, AfterAlready, Follows);
        return keys;
    }

    private static void Put(uint[] keys, string[] signs, byte sign)
    {
        foreach (var text in signs)
        {
            var key = (uint)(text[0] << 24 | text[1] << 16 | text[2] << 8 | text[3]);
            var slot = Slot(key);
            while (Signs[slot] != 0 && keys[slot] != key)
                slot = (slot + 1) & (keys.Length - 1);
            keys[slot] = key;
            Signs[slot] |= sign;
        }
    }

    private static int Slot(uint key) => (int)(key * 2654435761u >> (32 - SlotBits));
}
