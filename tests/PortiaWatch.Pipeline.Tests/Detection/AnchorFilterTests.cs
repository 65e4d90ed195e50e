using System.Text;
using PortiaWatch.Pipeline.Detection;

namespace PortiaWatch.Pipeline.Tests.Detection;

public sealed class AnchorFilterTests
{
    public static TheoryData<int> Widths => [.. new[] { 64, 32, 16 }.Where(width => width <= AnchorFilter.Widest)];

    [Theory]
    [MemberData(nameof(Widths))]
    public void IndexOf_RandomText_EveryWidthAgreesWithTheScalarPath(int width)
    {
        var random = new Random(20261122);
        var letters = "in useALREADYbindsten port 8_-\"e:[(' \n\xe9使用уж"u8.ToArray();
        for (var round = 0; round < 3000; round++)
        {
            var text = new byte[random.Next(0, 300)];
            for (var i = 0; i < text.Length; i++)
                text[i] = round % 3 == 0 ? (byte)random.Next(256) : letters[random.Next(letters.Length)];
            for (var from = 0; from <= text.Length;)
            {
                var expected = AnchorFilter.IndexOf(text.AsSpan(from), 1);
                Assert.Equal(expected, AnchorFilter.IndexOf(text.AsSpan(from), width));
                if (expected < 0)
                    break;
                from += expected + 1;
            }
        }
    }

    [Theory]
    [InlineData("address already in use")]
    [InlineData("EADDRINUSE")]
    [InlineData("Port 80")]
    [InlineData("déjà")]
    [InlineData("使用")]
    public void IndexOf_AnchorAtEveryPlace_IsFound(string anchor)
    {
        var bytes = Encoding.UTF8.GetBytes(anchor);
        for (var before = 0; before < 150; before++)
        {
            var text = new byte[before + bytes.Length + before % 7];
            Array.Fill(text, (byte)'.');
            bytes.CopyTo(text, before);
            Assert.InRange(AnchorFilter.IndexOf(text), before, before + bytes.Length);
        }
    }

    [Fact]
    public void Filter_EveryLineWithEvidence_IsLetThrough()
    {
        var texts = Directory.GetFiles(CorpusFiles.Folder, "*.log").SelectMany(CorpusFiles.Read).Select(sample => sample.Text)
            .Concat(CorpusFiles.Messages().Select(message => message.Text));
        foreach (var line in texts.SelectMany(text => text.Split('\n')).Select(text => new Line(text, 1, 1)).Where(line => line.Evidence.Count > 0))
        {
            var bytes = Encoding.UTF8.GetBytes(line.Text);
            Assert.True(AnchorFilter.IndexOf(bytes) >= 0, $"no anchor: {line.Text}");
            Assert.True(LineSigns.AreWorthReading(bytes), $"no sign: {line.Text}");
        }
    }

    [Fact]
    public void Filter_TextWithoutAnchors_AllocatesNothing()
    {
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("GET /api/users 200 in 12ms\nServer started on http://localhost:3000\n", 2000)));
        var detector = new Detector();
        var into = new List<PortiaWatch.Pipeline.Events.Sighting>();
        var record = Feed.Record(text);
        detector.Detect(record, into);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            detector.Detect(record, into);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1024);
        Assert.Empty(into);
    }
}
