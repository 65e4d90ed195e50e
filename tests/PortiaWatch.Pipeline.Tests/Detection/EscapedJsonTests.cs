using System.Text;
using System.Text.Json;
using PortiaWatch.Pipeline.Detection;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Pipeline.Tests.Detection;

public sealed class EscapedJsonTests
{
    [Theory]
    [InlineData("Adresse déjà utilisée")]
    [InlineData("Adresa je užívána")]
    [InlineData("Adres jest już w użyciu")]
    [InlineData("La dirección ya se está usando")]
    [InlineData("Endereço já em uso")]
    [InlineData("Indirizzo già in uso")]
    [InlineData("Η διεύθυνση υποδοχής είναι ήδη σε χρήση")]
    [InlineData("Osoite on jo käytössä")]
    [InlineData("Адрес уже используется")]
    [InlineData("Адресу вже використано")]
    [InlineData("Địa chỉ đang được dùng")]
    [InlineData("アドレスは既に使用中です")]
    [InlineData("주소가 이미 사용 중입니다")]
    [InlineData("地址已在使用")]
    [InlineData("位址已經有在使用")]
    public void Detector_TranslatedMessageInJsonWithEscapedLetters_IsFound(string words)
    {
        string message = $"server: 0.0.0.0:8086: {words}";
        var detector = new Detector();
        var found = new List<Sighting>();

        // The default encoder escapes every letter that is not ASCII; Python's json.dumps does too, in lower case.
        string escaped = JsonSerializer.Serialize(message);
        Assert.Contains("\\u", escaped, StringComparison.Ordinal);
        foreach (string text in (string[])[escaped, LowerCased(escaped)])
        {
            detector.Detect(Some.Record(trust: Trust.Text, source: "file") with { Text = Encoding.UTF8.GetBytes($"{{\"MESSAGE\":{text}}}\n"), Stream = text }, found);
            detector.Complete(found);
        }

        Assert.Equal([8086, 8086], found.Select(sighting => sighting.Endpoint.Port));
    }

    private static string LowerCased(string json) => System.Text.RegularExpressions.Regex.Replace(json, "\\\\u[0-9A-F]{4}", escape => escape.Value.ToLowerInvariant());
}
