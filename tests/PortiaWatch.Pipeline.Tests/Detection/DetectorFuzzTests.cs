using System.Globalization;
using System.Text;
using PortiaWatch.Pipeline.Detection;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Tests.Detection;

/// <summary>Fixed seed; PORTIA_FUZZ=1000000 in the environment runs that many inputs.</summary>
public sealed class DetectorFuzzTests
{
    private const int ShortRounds = 3000;

    private static readonly List<byte[]> Samples =
        [.. Directory.GetFiles(CorpusFiles.Folder, "*.log").Order(StringComparer.Ordinal).SelectMany(CorpusFiles.Read).Concat(CorpusFiles.Messages()).Select(sample => Encoding.UTF8.GetBytes(sample.Text + "\n"))];

    private static int Rounds => int.TryParse(Environment.GetEnvironmentVariable("PORTIA_FUZZ"), NumberStyles.None, CultureInfo.InvariantCulture, out var rounds) ? rounds : ShortRounds;

    [Fact]
    public void Detect_CutBetweenAnyTwoLines_TellsTheSame()
    {
        var text = Samples.SelectMany(sample => sample).ToArray();
        var whole = Describe([text]);
        var lines = Lines(text);
        Assert.Equal(whole, Describe(lines));
        var random = new Random(7);
        for (var round = 0; round < 5; round++)
        {
            var parts = new List<byte[]>();
            for (var i = 0; i < lines.Count;)
            {
                var count = Math.Min(random.Next(1, 40), lines.Count - i);
                parts.Add([.. lines.Skip(i).Take(count).SelectMany(line => line)]);
                i += count;
            }

            Assert.Equal(whole, Describe(parts));
        }
    }

    [Fact]
    public void Detect_RandomAndMutatedInputs_NeverThrowsAndStaysBounded()
    {
        var random = new Random(20261122);
        var detector = new Detector();
        var early = new Detector { TellsEarly = false };
        var into = new List<Sighting>();
        var rounds = Rounds;
        for (var round = 0; round < rounds; round++)
        {
            var input = round % 4 == 0 ? RandomBytes(random) : Mutate(random, Samples[random.Next(Samples.Count)]);
            into.Clear();
            var record = Feed.Record(input, isWhole: round % 2 == 0, number: round + 1, stream: random.Next(400).ToString(CultureInfo.InvariantCulture));
            detector.Detect(record, into);
            early.Detect(record with { FollowsGap = random.Next(20) == 0 }, into);
            if (random.Next(50) == 0)
                detector.Flush(Feed.Start + TimeSpan.FromDays(1), into);
            foreach (var sighting in into)
            {
                Assert.InRange(sighting.Text.Length, 1, 4097);
                Assert.DoesNotContain(sighting.Text, char.IsControl);
                Assert.True(sighting.Endpoint.Port is null or (> 0 and <= 65535));
            }
        }

        detector.Complete(into);
        Assert.Null(detector.NextFlush);
    }

    private static List<byte[]> Lines(byte[] text)
    {
        var lines = new List<byte[]>();
        for (var at = 0; at < text.Length;)
        {
            var end = Array.IndexOf(text, (byte)'\n', at) + 1;
            lines.Add(text[at..end]);
            at = end;
        }

        return lines;
    }

    private static List<string> Describe(List<byte[]> parts)
    {
        var detector = new Detector { TellsEarly = false };
        var into = new List<Sighting>();
        var number = 1;
        foreach (var part in parts)
        {
            detector.Detect(Feed.Record(part, number: number), into);
            number += part.Count(value => value == '\n');
        }

        detector.Complete(into);
        return [.. into.Select(sighting => $"{sighting.Number} {sighting.Kind} {sighting.Endpoint} {sighting.Pattern} {sighting.Text}")];
    }

    private static byte[] RandomBytes(Random random)
    {
        var bytes = new byte[random.Next(0, 600)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] Mutate(Random random, byte[] sample)
    {
        var bytes = sample.ToList();
        for (var change = random.Next(1, 8); change > 0 && bytes.Count > 0; change--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 12), bytes.Count - at));
                    break;
                case 2:
                    bytes.InsertRange(at, "{}[]:.0123456789\\\"'\x1b\r\n\0"u8.ToArray().Skip(random.Next(20)).Take(random.Next(1, 4)));
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 40), bytes.Count - at)));
                    break;
                default:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
        }

        return [.. bytes];
    }
}
