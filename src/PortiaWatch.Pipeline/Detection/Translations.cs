namespace PortiaWatch.Pipeline.Detection;

/// <summary>
/// The strerror of EADDRINUSE in the languages that glibc, Windows and the common runtimes speak, and the plain "port N is in use" of the larger ones. An asterisk stands
/// for whatever comes between two parts.
/// </summary>
internal static class Translations
{
    private static readonly string[][] Phrases = Parse(
        // glibc: bg ca cs da de el es fi fr it ja ko nb nl pl pt ru sk sv uk vi zh
        "адресът вече се използва", "adreça ja*ús", "adresa je*užívána", "adresa*používán", "adressen er allerede i br", "adresse*wird bereits", "adresse*bereits", "διεύθυνση*ήδη*σε χρήση",
        "dirección ya se está usando", "dirección*ya*en uso", "direccion*ya*en uso", "dirección*está en uso", "osoite on jo käytössä", "adresse déjà",
        "adresse*déjà*utilis", "adresse*en cours d'utilisation", "adresa*već*koristi",
        "indirizzo già in uso", "indirizzo*già*uso", "indirizzo*già*utilizzat", "アドレス*使用中", "アドレス*使用され", "アドレス*使われ", "주소*이미 사용", "주소*사용 중", "주소*사용중",
        "adres is al in gebruik", "adres*al*gebruik", "adres*już*użyciu", "adres jest używany", "adres*już*używan", "endereço já em uso", "endereço*já*uso", "endereço*já*utilizad", "endereço*em uso",
        "адрес уже используется", "адрес*уже*использу", "адрес*уже*занят", "адрес*занят", "adressen*redan",
        "adresu вже", "адресу вже використано", "адреса*вже*використ", "địa chỉ*được dùng", "địa chỉ*đang được", "địa chỉ*sử dụng", "地址已在使用", "地址*已*使用", "地址*已*占用", "地址*被占用",
        "地址*正在使用", "位址*已*使用", "位址*使用中", "位址*佔用",
        // Winsock 10048: de fr es pt it ja zh-CN zh-TW ko ru pl nl
        "jede socketadresse", "seule utilisation de chaque adresse", "permite un uso de cada dirección", "permite un único uso de cada dirección", "uma utilização de cada endereço", "uma única utilização de cada endereço",
        "uso de cada endereço de soquete", "solo utilizzo di ogni indirizzo", "各ソケット アドレス", "各ソケットアドレス", "每个套接字地址", "一個通訊端位址", "每個通訊端位址", "각 소켓 주소", "использование адреса сокета",
        "jedno użycie każdego adresu gniazda", "elk socketadres",
        // "port N is in use" as programs with translated messages say it
        "port*bereits belegt", "port*bereits verwendet", "port*bereits benutzt", "port*bereits in", "port*schon belegt", "port*ist belegt", "port*wird bereits", "port*déjà utilis", "port*déjà occup",
        "port*déjà pris", "port*est occupé", "port*en cours d'utilisation", "puerto*ya*uso", "puerto*en uso", "puerto*ocupado", "porta*já*uso", "porta*já*utilizad", "porta*em uso",
        "porta*ocupada", "porta*già*uso", "porta*già*utilizzat", "porta*occupata", "porta*in uso", "порт*уже*занят", "порт*занят", "порт*уже*использу", "порт*используется", "ポート*使用中", "ポート*使用され", "ポート*使われ",
        "端口*占用", "端口*已*使用", "端口*正在使用", "端口*正被使用", "連接埠*使用", "连接埠*使用", "埠*佔用", "埠*被占用", "埠*使用中", "포트*이미 사용", "포트*사용 중", "포트*사용중", "포트*사용하고", "порт*вже*використ", "порт*зайнятий",
        "port*jest już zajęty", "port*zajęty", "port*już*używan", "port*jest używany", "poort*al in gebruik", "poort*in gebruik", "porten*redan", "porten*allerede", "portti*käytössä",
        "port*je již používán", "port*už používá", "cổng*đang được sử dụng", "cổng*đã được sử dụng");

    // One sweep tells whether any phrase can begin here at all.
    private static readonly PhraseSet Beginnings = new(Phrases.Select(parts => parts[0]).Distinct());

    public static void Read(Line line, List<Evidence> into)
    {
        if (!Beginnings.IsIn(line.Lower))
            return;
        foreach (var parts in Phrases)
        {
            if (Find(line.Lower, parts) is { } found)
            {
                into.Add(new Evidence(EvidenceKind.Translated, found.Start, found.End));
                return;
            }
        }
    }

    private static (int Start, int End)? Find(string lower, string[] parts)
    {
        // Words of one sentence: more than this between two parts and they do not belong together.
        const int MaxGap = 80;
        var start = lower.IndexOf(parts[0], StringComparison.Ordinal);
        if (start < 0)
            return null;
        var end = start + parts[0].Length;
        foreach (var part in parts.AsSpan(1))
        {
            var gap = lower.AsSpan(end, Math.Min(MaxGap, lower.Length - end)).IndexOf(part, StringComparison.Ordinal);
            if (gap < 0)
                return null;
            end += gap + part.Length;
        }

        return (start, end);
    }

    private static string[][] Parse(params string[] phrases) => [.. phrases.Select(phrase => phrase.Split('*'))];
}
