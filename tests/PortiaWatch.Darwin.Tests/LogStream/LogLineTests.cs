using System.Text;
using PortiaWatch.Darwin.LogStream;
using PortiaWatch.Darwin.Tests.Support;

namespace PortiaWatch.Darwin.Tests.LogStream;

public sealed class LogLineTests
{
    private static readonly string[] Real = File.ReadAllLines(Fixture.PathOf("logstream", "logstream.ndjson"));
    private static readonly string[] Constructed = File.ReadAllLines(Fixture.PathOf("logstream", "logstream-constructed.txt"));

    [Fact]
    public void Parse_RealRecords_AreMessagesControlOrTrailer()
    {
        List<LogLine> lines = [.. Real.Select(Parse)];

        Assert.DoesNotContain(lines, line => line.Kind is LogLineKind.Broken or LogLineKind.Banner);
        Assert.Contains(lines, line => line.Kind == LogLineKind.Trailer);
        Assert.True(lines.Count(line => line.Kind == LogLineKind.Message) >= 12);
        LogLine first = lines[0];
        Assert.Equal(("ih-muse-test hello 1", 21314, 501u, "/usr/bin/logger"), (Encoding.UTF8.GetString(first.Message), first.ProcessId, first.UserId!.Value, first.ProcessImagePath));
        Assert.Equal(new DateTimeOffset(2026, 10, 4, 17, 50, 33, TimeSpan.FromHours(2)).AddTicks(8034910), first.Timestamp);
        Assert.Equal((23247436516259ul, 139361863ul, 13353070231556ul), first.Key);
    }

    [Fact]
    public void Parse_TraceBeyondDoublePrecision_IsExact() => Assert.Contains(Real.Select(Parse), line => line.Key.Trace == 8198813747412992004);

    [Fact]
    public void Parse_ConstructedLines_AreToldApart() => Assert.Equal(
        [LogLineKind.Banner, .. Enumerable.Repeat(LogLineKind.Message, 5), LogLineKind.Loss, LogLineKind.Trailer],
        Constructed.Where(line => line.Length > 0).Select(line => Parse(line).Kind));

    [Theory]
    [InlineData("", nameof(LogLineKind.Banner))]
    [InlineData("Timestamp  Thread  Type", nameof(LogLineKind.Banner))]
    [InlineData("{", nameof(LogLineKind.Broken))]
    [InlineData("{\"eventMessage\":\"cut", nameof(LogLineKind.Broken))]
    [InlineData("{\"eventMessage\":null,\"processID\":\"x\",\"userID\":null}", nameof(LogLineKind.Control))]
    [InlineData("{\"eventMessage\":\"a\",\"processID\":\"x\",\"userID\":null,\"backtrace\":{\"frames\":[1]}}", nameof(LogLineKind.Message))]
    [InlineData("{\"eventType\":\"lossEvent\",\"eventMessage\":\"x\"}", nameof(LogLineKind.Loss))]
    [InlineData("{\"eventMessage\":\"\\ud800\"}", nameof(LogLineKind.Broken))]
    public void Parse_OddLine_IsToldApart(string line, string kind) => Assert.Equal(kind, Parse(line).Kind.ToString());

    [Fact]
    public void Parse_Escapes_AreUndone()
    {
        LogLine line = Parse("""{"eventMessage":"a\/b\nc\u001b[31m é","processImagePath":"\/usr\/bin\/x y"}""");
        Assert.Equal(("a/b\nc\u001b[31m é", "/usr/bin/x y"), (Encoding.UTF8.GetString(line.Message), line.ProcessImagePath));
    }

    [Theory]
    [InlineData("2025-06-24 14:44:49.382837+0300", "2025-06-24T11:44:49.3828370Z")]
    [InlineData("2025-06-24 14:44:49+0000", "2025-06-24T14:44:49.0000000Z")]
    [InlineData("2025-06-24 14:44:49.382837-0930", "2025-06-25T00:14:49.3828370Z")]
    [InlineData("2025-06-24T14:44:49.382837+0300", null)]
    [InlineData("yesterday", null)]
    public void Timestamp_LogsOwnForm_IsRead(string text, string? expected) =>
        Assert.Equal(expected, LogTimestamp.Parse(text)?.UtcDateTime.ToString("o"));

    [Fact]
    public void Parse_MutatedLines_NeverThrows()
    {
        Random random = new(51);
        byte[][] seeds = [.. Real.Concat(Constructed).Where(line => line.Length > 0).Select(Encoding.UTF8.GetBytes)];
        int messages = 0;
        for (int round = 0; round < 20_000; round++)
        {
            byte[] seed = seeds[random.Next(seeds.Length)];
            byte[] copy = random.Next(4) == 0 ? seed[..random.Next(seed.Length + 1)] : [.. seed];
            for (int changes = random.Next(4); changes > 0 && copy.Length > 0; changes--)
                copy[random.Next(copy.Length)] = random.Next(2) == 0 ? (byte)random.Next(256) : (byte)"\"{}[]:,\\0n"[random.Next(10)];
            if (LogLine.Parse(copy).Kind == LogLineKind.Message)
                messages++;
        }

        Assert.True(messages > 2000);
    }

    private static LogLine Parse(string line) => LogLine.Parse(Encoding.UTF8.GetBytes(line));
}
