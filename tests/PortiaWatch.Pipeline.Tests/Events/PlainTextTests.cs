using System.Globalization;
using System.Text;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Tests.Events;

public sealed class PlainTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("plain text, as it is: 127.0.0.1:3000", "plain text, as it is: 127.0.0.1:3000")]
    [InlineData("\x1b[31mError\x1b[0m: listen", "Error: listen")]
    [InlineData("\x1b[38;5;196mred\x1b[m", "red")]
    [InlineData("a\x1b]0;evil title\ab", "ab")]
    [InlineData("a\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\b", "alinkb")]
    [InlineData("a\x1bPq#1\x1b\\b", "ab")]
    [InlineData("a\u009b31mb", "ab")]
    [InlineData("a\u009d0;t\u009cb", "ab")]
    [InlineData("a\x1b(Bb\x1b" + "7c\x1b=d", "abcd")]
    [InlineData("a\x1b", "a")]
    [InlineData("a\x1b[", "a")]
    [InlineData("a\x1b[31", "a")]
    [InlineData("a\x1b]never ended", "anever ended")]
    [InlineData("a\x1b]unended\nkept", "a kept")]
    [InlineData("one\r\ntwo\n\n\tthree ", "one two three")]
    [InlineData("  led  in  ", "led in")]
    [InlineData("nul\0bell\adel\x7f", "nulbelldel")]
    [InlineData("c1\u0085\u0080x", "c1x")]
    [InlineData("port \u202E0003\u202C is \u2066taken\u2069", "port 0003 is taken")]
    [InlineData("no\u200Bde\uFEFF\u2060\u00AD\u200E\u061C", "node")]
    [InlineData("line\u2028sep\u2029par", "line sep par")]
    [InlineData("fill\u3164er\uFFA0 \u2800x", "filler x")]
    [InlineData("Adresse déjà utilisée, 端口被占用 🔥", "Adresse déjà utilisée, 端口被占用 🔥")]
    public void Clean_ForeignText_KeepsOnlyWhatCanBeSeen(string text, string expected) => Assert.Equal(expected, PlainText.Clean(text, 200));

    // Not in the table above: the test runner itself mangles half a pair in its arguments.
    [Fact]
    public void Clean_HalfASurrogatePair_BecomesTheReplacementCharacter() => Assert.Equal("half \uFFFD pair", PlainText.Clean("half \uD83D pair", 200));

    [Theory]
    [InlineData("abcdef", 6, "abcdef")]
    [InlineData("abcdefg", 6, "abcde…")]
    [InlineData("abcd🔥🔥", 6, "abcd…")]
    [InlineData("abc   def", 7, "abc def")]
    [InlineData("ab", 1, "…")]
    public void Clean_LongText_IsCutWithAnEllipsis(string text, int limit, string expected) => Assert.Equal(expected, PlainText.Clean(text, limit));

    [Fact]
    public void Clean_RandomText_NeverLetsAControlThroughAndIsStable()
    {
        var random = new Random(20_001);
        var alphabet = "\x1b\x1b[]P\\;0m\a\0\n\r\t \u009b\u009d\u009c\u202e\u2066\u200b\uFEFF\uD83D\uDD25ab:";
        for (var round = 0; round < 20_000; round++)
        {
            var text = new StringBuilder();
            for (var i = random.Next(40); i > 0; i--)
                text.Append(alphabet[random.Next(alphabet.Length)]);
            var limit = random.Next(1, 45);

            var clean = PlainText.Clean(text.ToString(), limit);

            Assert.True(clean.Length <= limit, text.ToString());
            Assert.DoesNotContain(clean, c => char.IsControl(c) || CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.Format);
            Assert.Equal(clean, PlainText.Clean(clean, limit));
        }
    }
}
