using System.Globalization;
using PortiaWatch.Linux.Interop;
using PortiaWatch.Linux.Journald;
using PortiaWatch.Linux.Tests.Support;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Sources;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Linux.Tests.Journald;

/// <summary>Against programs that stand in for journalctl, for what the real one does only on bad days.</summary>
public sealed class JournalSourceTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ReadAsync_FirstStart_AsksForEverythingFromNow()
    {
        var before = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        await using var reading = Read("printf '%s\\n' \"$@\" > \"$0.args\"; echo '{\"MESSAGE\":\"hello\"}'; exec sleep 1000");
        await reading.UntilTextAsync("hello");

        var arguments = await File.ReadAllLinesAsync(_folder["journalctl.args"]);
        Assert.Equal(
            ["-f", "-o", "json", "--output-fields=MESSAGE,PRIORITY,SYSLOG_IDENTIFIER,_PID,_COMM,_EXE,_UID,_SYSTEMD_UNIT,_SYSTEMD_USER_UNIT,_TRANSPORT,CONTAINER_ID,CONTAINER_NAME,MESSAGE_ID", "--no-pager", "--all", "-n", "all"],
            arguments[..8]);
        Assert.StartsWith("--since=@", arguments[8], StringComparison.Ordinal);
        Assert.InRange(decimal.Parse(arguments[8][9..], CultureInfo.InvariantCulture), before, before + 30);
        Assert.Equal(["--namespace=portia-test"], arguments[9..]);
        Assert.Equal(SourceState.Running, reading.Report.State);
    }

    [Fact]
    public async Task ReadAsync_Entry_IsVouchedForAndWhole()
    {
        await using var reading = Read("""
            printf '%s\n' '-- a line that is no entry --'
            echo '{"MESSAGE": broken'
            printf '%s\n' '{"MESSAGE":"EADDRINUSE :::3000\n","_PID":"77","_UID":"1000","_COMM":"node","_SYSTEMD_UNIT":"user@1000.service","_SYSTEMD_USER_UNIT":"web.service","__REALTIME_TIMESTAMP":"1795308993107927"}'
            echo '{"MESSAGE":null}'
            echo '{"MESSAGE":"end"}'
            exec sleep 1000
            """);
        await reading.UntilTextAsync("end");

        var record = reading.Records[0];
        Assert.Equal("EADDRINUSE :::3000\nend", reading.Text);
        Assert.Equal(("journal", Trust.System, "77", true, 0L), (record.Source, record.Trust, record.Stream, record.IsWhole, record.Number));
        Assert.Equal(new Sender(77) { Uid = 1000, Name = "node", Unit = "web.service" }, record.Sender);
        Assert.Equal(DateTimeOffset.UnixEpoch.AddMicroseconds(1795308993107927), record.Time);
        Assert.Equal((1L, 1L), (reading.Report.Dropped, reading.Report.Cut));
    }

    [Fact]
    public async Task ReadAsync_WhatTheWatcherItselfPrinted_IsNotReadAgain()
    {
        await using var reading = Read($$"""
            echo '{"MESSAGE":"ours by pid","_PID":"{{Environment.ProcessId}}","_UID":"1000"}'
            echo '{"MESSAGE":"ours by unit","_PID":"77","_UID":"{{Libc.geteuid()}}","_SYSTEMD_USER_UNIT":"portia.service"}'
            echo '{"MESSAGE":"of another user|","_PID":"77","_UID":"{{Libc.geteuid() + 1}}","_SYSTEMD_USER_UNIT":"portia.service"}'
            echo '{"MESSAGE":"end"}'
            exec sleep 1000
            """);
        await reading.UntilTextAsync("end");

        Assert.Equal("of another user|end", reading.Text);
    }

    [Fact]
    public async Task ReadAsync_StartedAgain_AsksFromItsPlaceAndDropsWhatItKnows()
    {
        const string Script = """
            case "$*" in
            *--cursor=s=1*) echo '{"MESSAGE":"older","__CURSOR":"s=0;t=1","__REALTIME_TIMESTAMP":"1"}'; echo '{"MESSAGE":"old","__CURSOR":"s=1;t=10","__REALTIME_TIMESTAMP":"16"}'; echo '{"MESSAGE":"new","__CURSOR":"s=2;t=20"}';;
            *--since=*) echo '{"MESSAGE":"old","__CURSOR":"s=1;t=10","__REALTIME_TIMESTAMP":"16"}';;
            esac
            exec sleep 1000
            """;
        await using (var first = Read(Script))
        {
            await first.UntilTextAsync("old");
        }

        await using var second = Read(Script);
        await second.UntilTextAsync("new");

        Assert.Equal("new", second.Text);
    }

    [Fact]
    public async Task ReadAsync_PlaceThatTheJournalRefuses_BeginsAfresh()
    {
        Directory.CreateDirectory(_folder["state"]);
        _folder.Write("state/journal.cursor", "s=gone");
        const string Script = """
            case "$*" in
            *--cursor=*) echo 'Failed to seek to cursor: Invalid argument' >&2; exit 1;;
            esac
            echo '{"MESSAGE":"fresh"}'
            exec sleep 1000
            """;
        var source = Source(Script);
        var failure = await Assert.ThrowsAsync<IOException>(() => DrainAsync(source));
        Assert.Equal("journalctl ended with exit code 1: Failed to seek to cursor: Invalid argument", failure.Message);

        await using var reading = new SourceReading(source);
        await reading.UntilTextAsync("fresh");
    }

    [Theory]
    [InlineData("exit 0", "journalctl ended with exit code 0")]
    [InlineData("exit 3", "journalctl ended with exit code 3")]
    [InlineData("echo '{\"MESSAGE\":\"x\"}'; printf 'first\\nFailed to iterate through journal: \\033[31mBad message\\n' >&2; exit 1", "journalctl ended with exit code 1: Failed to iterate through journal: Bad message")]
    [InlineData("kill -9 $$", "journalctl ended with exit code 137")]
    [InlineData("exec >&- 2>&-; exec sleep 1000", "journalctl closed its output")]
    public async Task ReadAsync_JournalctlThatEnds_IsAFailureWithItsLastWords(string script, string expected)
    {
        var failure = await Assert.ThrowsAsync<IOException>(() => DrainAsync(Source(script)));

        Assert.Equal(expected, failure.Message);
    }

    [Fact]
    public async Task ReadAsync_JournalctlThatDies_IsStartedAgainAndNothingIsReadTwice()
    {
        const string Script = """
            n=$(cat "$0.runs" 2>/dev/null || echo 0); n=$((n+1)); echo $n > "$0.runs"
            i=0; case "$*" in *--cursor=s=*) i=$(echo "$*" | sed 's/.*--cursor=s=\([0-9]*\).*/\1/');; esac
            j=0; while [ $j -lt 3 ]; do echo "{\"MESSAGE\":\"<$i>\",\"__CURSOR\":\"s=$i\"}"; i=$((i+1)); j=$((j+1)); done
            """;
        var source = Source(Script);
        List<string> texts = [];
        for (var run = 0; run < 4; run++)
        {
            await Assert.ThrowsAsync<IOException>(async () =>
            {
                await foreach (var record in source.ReadAsync(new SourceReport("journal"), CancellationToken.None))
                    texts.Add(System.Text.Encoding.UTF8.GetString(record.Text.Span));
            });
        }

        Assert.Equal(Enumerable.Range(0, 9).Select(i => $"<{i}>"), texts);
    }

    [Fact]
    public async Task ReadAsync_NoRightToAnyJournal_IsUnavailableWithTheMend()
    {
        var failure = await Assert.ThrowsAsync<SourceUnavailableException>(() => DrainAsync(Source("echo 'No journal files were opened due to insufficient permissions.' >&2; exit 1")));

        Assert.Contains("usermod -aG systemd-journal", failure.Message, StringComparison.Ordinal);
        Assert.True(failure.IsPermission);
    }

    [Fact]
    public async Task ReadAsync_RightToOnesOwnJournalOnly_IsLimitedWithTheMend()
    {
        await using var reading = Read("""
            echo 'Hint: You are currently not seeing messages from other users and the system.' >&2
            echo "      Users in groups 'adm', 'systemd-journal' can see all messages." >&2
            exec sleep 1000
            """);
        await reading.UntilStateAsync(SourceState.Limited);

        Assert.Contains("usermod -aG systemd-journal", reading.Report.Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_NoJournalctl_IsUnavailable()
    {
        var source = new JournalSource(_folder["state"], TimeProvider.System, program: _folder["nothing-here"]);

        var failure = await Assert.ThrowsAsync<SourceUnavailableException>(() => DrainAsync(source));

        Assert.StartsWith("journalctl is not installed", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_EndlessEntry_IsCutAndTheNextOneRead()
    {
        await using var reading = Read("""
            printf '{"MESSAGE":"'; head -c 30000000 /dev/zero | tr '\0' x; printf '"}\n{"MESSAGE":"next"}\n'
            exec sleep 1000
            """);
        await reading.UntilTextAsync("next");

        Assert.Equal("next", reading.Text);
        Assert.Equal(1, reading.Report.Cut);
    }

    [Fact]
    public async Task ReadAsync_LongMessage_KeepsItsFirst64KiB()
    {
        await using var reading = Read("""
            printf '{"MESSAGE":"'; head -c 100000 /dev/zero | tr '\0' x; printf '"}\n'
            exec sleep 1000
            """);
        await reading.UntilAsync(r => r.Records.Count == 1, "there is a record");

        Assert.Equal(65_536, reading.Records[0].Text.Length);
        Assert.Equal(1, reading.Report.Cut);
    }

    [Fact]
    public async Task ReadAsync_FloodOfComplaints_BlocksNothing()
    {
        await using var reading = Read("head -c 5000000 /dev/zero | tr '\\0' e >&2; yes complaint | head -100000 >&2; echo '{\"MESSAGE\":\"after\"}'; exec sleep 1000");

        await reading.UntilTextAsync("after");
    }

    [Theory]
    [InlineData("")]
    [InlineData("trap '' TERM; ")]
    public async Task ReadAsync_Cancelled_EndsItsChild(string trap)
    {
        var reading = Read(trap + "echo \"{\\\"MESSAGE\\\":\\\"pid $$ \\\"}\"; while :; do read x < /dev/zero || sleep 1; done");
        await reading.UntilTextAsync("pid ");
        var pid = reading.Text.Split(' ')[1];
        Assert.True(Directory.Exists($"/proc/{pid}"));

        await reading.StopAsync().WaitAsync(Limit);

        Assert.False(Directory.Exists($"/proc/{pid}"));
    }

    private SourceReading Read(string script) => new(Source(script));

    private JournalSource Source(string script) =>
        new(_folder["state"], TimeProvider.System, ["--namespace=portia-test"], StandIn.Make(_folder, "journalctl", script));

    private static async Task DrainAsync(JournalSource source)
    {
        using var limit = new CancellationTokenSource(Limit);
        await foreach (var _ in source.ReadAsync(new SourceReport("journal"), limit.Token))
        {
        }
    }
}
