using System.Text;
using System.Threading.Channels;
using PortiaWatch.Linux.Journald;
using PortiaWatch.Linux.Tests.Support;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Sources;
using PortiaWatch.Pipeline.Tests.Support;
using Serilog.Core;

namespace PortiaWatch.Linux.Tests.Journald;

/// <summary>The real journalctl, following a journal that the test writes.</summary>
public sealed class JournalctlTests
{
    [SkippableFact]
    public async Task ReadAsync_EntriesWrittenWhileFollowing_ComeWithTheirSender()
    {
        using var journal = await JournalDirectory.CreateAsync();
        await using var reading = new SourceReading(Source(journal));
        await FollowingAsync(journal, reading);

        await journal.WriteAsync("Error: listen EADDRINUSE: address already in use :::3000");
        await reading.UntilTextAsync(":::3000");

        var record = reading.Records.Single(r => Encoding.UTF8.GetString(r.Text.Span).Contains("3000", StringComparison.Ordinal));
        Assert.Equal(new Sender(77) { Uid = 1000, Name = "node", Executable = "/usr/bin/node", Unit = "web.service" }, record.Sender);
        Assert.InRange(record.ReadAt - record.Time, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.DoesNotContain("the first entry", reading.Text, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task ReadAsync_LongAndBinaryMessages_ComeWhole()
    {
        using var journal = await JournalDirectory.CreateAsync();
        await using var reading = new SourceReading(Source(journal));
        await FollowingAsync(journal, reading);
        var stack = new string('.', 20_000) + " EADDRINUSE :::3000";
        byte[] binary = [0x1b, (byte)'[', (byte)'3', (byte)'1', (byte)'m', 0xff, (byte)'x'];

        await journal.WriteAsync(stack);
        await journal.WriteAsync(binary);
        await journal.WriteAsync("end");
        await reading.UntilTextAsync("end");

        Assert.Contains(reading.Records, r => r.Text.Span.SequenceEqual(Encoding.UTF8.GetBytes(stack)));
        Assert.Contains(reading.Records, r => r.Text.Span.SequenceEqual(binary));
    }

    [SkippableFact]
    public async Task ReadAsync_StoppedAndStarted_FillsInWhatWasWrittenMeanwhileOnce()
    {
        using var journal = await JournalDirectory.CreateAsync();
        var source = Source(journal);
        await using (var first = new SourceReading(source))
        {
            await FollowingAsync(journal, first);
            for (var i = 0; i < 20; i++)
                await journal.WriteAsync($"<{i}>");
            await first.UntilTextAsync("<19>");
        }

        for (var i = 20; i < 50; i++)
            await journal.WriteAsync($"<{i}>");

        // A new process: nothing but the state folder is left of the one before.
        await using var second = new SourceReading(Source(journal));
        await second.UntilTextAsync("<49>");
        await journal.WriteAsync("<50>");
        await second.UntilTextAsync("<50>");

        Assert.Equal(string.Concat(Enumerable.Range(20, 31).Select(i => $"<{i}>")), second.Text);
    }

    [SkippableFact]
    public async Task RunAsync_JournalctlKilledAgainAndAgain_GivesEveryEntryOnce()
    {
        using var journal = await JournalDirectory.CreateAsync();
        using var stop = new CancellationTokenSource();
        var records = Channel.CreateBounded<LogRecord>(1_000);
        var supervisor = new SourceSupervisor(Logger.None, TimeProvider.System);
        var running = supervisor.RunAsync(Source(journal), records.Writer, stop.Token);
        await journal.WriteAsync("start");
        List<string> texts = [];
        for (var round = 0; round < 3; round++)
        {
            await journal.WriteAsync($"<{round}>");
            while (texts.Count == 0 || texts[^1] != $"<{round}>")
                texts.Add(Encoding.UTF8.GetString((await records.Reader.ReadAsync(stop.Token).AsTask().WaitAsync(TimeSpan.FromSeconds(20), stop.Token)).Text.Span));
            Assert.Equal(0, Raw.kill(JournalctlOn(journal.Path), Raw.SIGKILL));
        }

        await stop.CancelAsync();
        await running;
        Assert.Equal(["<0>", "<1>", "<2>"], texts.Where(text => text != "start" && !text.StartsWith("ping", StringComparison.Ordinal)));
        Assert.InRange(supervisor.Reports[0].Restarts, 2, 3);
    }

    private static JournalSource Source(JournalDirectory journal) => new(journal.StateFolder, TimeProvider.System, journal.Arguments);

    // journalctl says nothing when it has begun to follow; an entry that comes through does.
    private static async Task FollowingAsync(JournalDirectory journal, SourceReading reading)
    {
        await reading.UntilStateAsync(SourceState.Running);
        await journal.WriteAsync("ping");
        await reading.UntilTextAsync("ping");
    }

    private static int JournalctlOn(string folder) => Directory.GetDirectories("/proc")
        .Select(Path.GetFileName)
        .Where(name => int.TryParse(name, out var pid) && CommandLine(pid).Contains($"-D\0{folder}\0", StringComparison.Ordinal) && CommandLine(pid).Contains("journalctl", StringComparison.Ordinal))
        .Select(name => int.Parse(name!, System.Globalization.CultureInfo.InvariantCulture))
        .Single();

    private static string CommandLine(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }
}
