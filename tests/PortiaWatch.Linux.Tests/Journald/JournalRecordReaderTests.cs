using System.Text;
using PortiaWatch.Linux.Journald;

namespace PortiaWatch.Linux.Tests.Journald;

public sealed class JournalRecordReaderTests
{
    private static readonly byte[][] Lines = [.. File.ReadAllBytes(Path.Join(AppContext.BaseDirectory, "Journald", "journal.ndjson"))
        .ToList().Aggregate(new List<List<byte>> { new() }, Split).Where(line => line.Count > 0).Select(line => line.ToArray())];

    [Theory]
    [InlineData(1, "\e[31mError:\e[0m listen EADDRINUSE: address already in use :::3000", 6519, 0u, "cat", null, null)]
    [InlineData(2, "tab\there", 6521, 0u, null, null, null)]
    [InlineData(3, "bad ÿ byte EADDRINUSE", 6523, 0u, null, null, null)]
    [InlineData(4, "multi line one\nsecond value EADDRINUSE", 6566, 0u, "logger", null, null)]
    [InlineData(5, "line one\nError: bind: Address already in use (port 8080)", 6567, 0u, "python3", "/home/USER/py/bin/python3.11", null)]
    [InlineData(6, "Error: listen EADDRINUSE: address already in use :::3000", 14346, 0u, null, null, null)]
    [InlineData(7, "first value\nError: listen EADDRINUSE: address already in use 0.0.0.0:8080", 19639, 0u, "python3", "/home/USER/py/bin/python3.11", null)]
    [InlineData(8, "", 19639, 0u, "python3", "/home/USER/py/bin/python3.11", null)]
    [InlineData(9, "", 19639, 0u, "python3", "/home/USER/py/bin/python3.11", null)]
    [InlineData(10, "OSError: [Errno 98] Address already in use", 19639, 0u, "python3", "/home/USER/py/bin/python3.11", null)]
    [InlineData(11, "plain\n\e[31mEADDRINUSE\e[0m :3000", 20028, 0u, "python3", "/home/USER/py/bin/python3.11", null)]
    [InlineData(12, "plain\n", 20028, 0u, "python3", "/home/USER/py/bin/python3.11", null)]
    [InlineData(13, "", 20028, 0u, "python3", "/home/USER/py/bin/python3.11", null)]
    [InlineData(15, "[1:527:8] BAD-TRAFFIC same SRC/DST [Classification: Potentially Bad Traffic] [Priority: 2] {IGMP} 0.0.0.0 -> 224.0.0.1", 17603, 117u, "snort", "/usr/sbin/snort", "snort.service")]
    [InlineData(16, "[1:527:8] BAD-TRAFFIC same SRC/DST [Classification: Potentially Bad Traffic] [Priority: 2] {IGMP} 0.0.0.0 -> 224.0.0.1", 17603, 117u, "snort", "/usr/sbin/snort", "snort.service")]
    [InlineData(17, "camera_verify_test camera.py:42 debug line", 535522, 1000u, "python3", "/usr/bin/python3.14", "app-pycharm@bc5ad7f66bbe4bcb9767b927877e084f.service")]
    [InlineData(18, "Error in cpuinfo: failed to parse processor information from /proc/cpuinfo", 3194, 1000u, "cat", "/usr/bin/cat", "app-glib-google\\x2dchrome-3188.scope")]
    [InlineData(19, "[init] Running as uid=0 gid=0\n", null, null, null, null, null)]
    [InlineData(20, "\e[32mINFO\tdone\n", null, null, null, null, null)]
    [InlineData(21, "", null, null, null, null, null)]
    public void TryRead_RealLine_GivesMessageAndSender(int number, string message, int? pid, uint? uid, string? name, string? executable, string? unit)
    {
        Assert.True(JournalRecordReader.TryRead(Lines[number - 1], out var record));

        Assert.Equal(message, Encoding.Latin1.GetString(record.Message));
        Assert.Equal((pid, uid, name, executable, unit), (record.Sender?.Pid, record.Sender?.Uid, record.Sender?.Name, record.Sender?.Executable, record.Sender?.Unit));
        Assert.Equal(number is 8 or 21, record.IsMessageWithheld);
    }

    [Fact]
    public void TryRead_MessageInAnotherLanguage_KeepsItsUtf8()
    {
        Assert.True(JournalRecordReader.TryRead(Lines[13], out var record));

        Assert.Equal("Adresse déjà utilisée 💀 \u2028 \u007f", Encoding.UTF8.GetString(record.Message));
    }

    [Fact]
    public void TryRead_RealLine_GivesTimeAndCursor()
    {
        Assert.Equal(21, Lines.Length);
        Assert.True(JournalRecordReader.TryRead(Lines[0], out var record));

        Assert.Equal("s=20b93ca07a204878b30e69129e53496e;i=154;b=bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb;m=4f8aa04a;t=660d2f2cbd7d7;x=84b2d3a2d77af7ef", record.Cursor);
        Assert.Equal(DateTimeOffset.UnixEpoch.AddMicroseconds(1795308993107927), record.Time);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-- No entries --")]
    [InlineData("[]")]
    [InlineData("{\"MESSAGE\":\"x\"")]
    [InlineData("{\"MESSAGE\":\"x\"} trailing")]
    [InlineData("{\"MESSAGE\":[1,256]}")]
    [InlineData("{\"MESSAGE\":[1,-1]}")]
    [InlineData("{\"MESSAGE\":[[[1]]]}")]
    [InlineData("{\"MESSAGE\":{\"a\":1}}")]
    [InlineData("{\"MESSAGE\":true}")]
    [InlineData("{\"MESSAGE\":\"half a pair \\ud83d\"}")]
    public void TryRead_SomethingElse_IsRefused(string line) => Assert.False(JournalRecordReader.TryRead(Encoding.UTF8.GetBytes(line), out _));

    [Theory]
    [InlineData("{\"_PID\":\"0\"}")]
    [InlineData("{\"_PID\":\"-5\"}")]
    [InlineData("{\"_PID\":\"12x\"}")]
    [InlineData("{\"_PID\":\"99999999999\"}")]
    [InlineData("{\"_PID\":[\"1\",\"2\"]}")]
    [InlineData("{\"PID\":\"12\",\"SYSLOG_PID\":\"13\",\"OBJECT_PID\":\"14\"}")]
    public void TryRead_NoPidOfJournald_VouchesForNobody(string line)
    {
        Assert.True(JournalRecordReader.TryRead(Encoding.UTF8.GetBytes(line), out var record));

        Assert.Null(record.Sender);
    }

    [Theory]
    [InlineData("{\"__REALTIME_TIMESTAMP\":\"99999999999999999999\"}")]
    [InlineData("{\"__REALTIME_TIMESTAMP\":\"999999999999999999\"}")]
    [InlineData("{\"__REALTIME_TIMESTAMP\":\"-1\"}")]
    public void TryRead_TimeOutOfRange_IsNotKnown(string line)
    {
        Assert.True(JournalRecordReader.TryRead(Encoding.UTF8.GetBytes(line), out var record));

        Assert.Null(record.Time);
    }

    [Fact]
    public void TryRead_EveryPrefixOfEveryLine_IsRefusedQuietly()
    {
        foreach (var line in Lines)
        {
            for (var length = 0; length < line.Length; length++)
                Assert.False(JournalRecordReader.TryRead(line.AsSpan(0, length), out _));
        }
    }

    [Fact]
    public void TryRead_RandomDamage_NeverThrows()
    {
        var random = new Random(252);
        for (var round = 0; round < 100_000; round++)
        {
            var line = (byte[])Lines[random.Next(Lines.Length)].Clone();
            for (var i = random.Next(1, 6); i > 0; i--)
                line[random.Next(line.Length)] = random.Next(3) == 0 ? (byte)random.Next(256) : (byte)"[]{}\",:\\u0n"[random.Next(11)];

            if (JournalRecordReader.TryRead(line.AsSpan(0, random.Next(4) == 0 ? random.Next(line.Length) : line.Length), out var record))
                Assert.True(record.Sender is null or { Pid: > 0 });
        }
    }

    private static List<List<byte>> Split(List<List<byte>> lines, byte next)
    {
        if (next == '\n')
            lines.Add([]);
        else
            lines[^1].Add(next);
        return lines;
    }
}
