using System.Text;
using PortiaWatch.Darwin.LogStream;
using PortiaWatch.Darwin.Tests.Support;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Sources;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Darwin.Tests.LogStream;

[Collection(World.Collection)]
public sealed class LogStreamSourceTests : IDisposable
{
    private static readonly string[] Lines = File.ReadAllLines(Fixture.PathOf("logstream", "logstream-constructed.txt"));
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly World _world = new World().WithHost();
    private readonly SourceReport _report = new("logstream");

    public void Dispose() => _world.Dispose();

    [StandInFact]
    public async Task Read_Start_PassesExactlyTheRecommendedArguments()
    {
        using StandInProgram log = Playing("cat \"$HERE/lines\"");
        await ReadAll(Source(log));

        Assert.Equal(
            ["stream", "--style", "ndjson", "--level", "default", "--type", "log", "--color", "none", "--no-backtrace", "--timeout", "1d", "--predicate",
                "(subsystem == \"com.apple.network\" AND (messageType == error OR messageType == fault) AND eventMessage CONTAINS \"Address already in use\")"
                + " OR (process == \"launchd\" AND eventMessage CONTAINS \"Address already in use\")"],
            Assert.Single(log.Runs));
    }

    [StandInFact]
    public async Task Read_BannerRecordsLossTrailer_GivesTheRecordsWithTheSystemsProvenance()
    {
        using StandInProgram log = Playing("cat \"$HERE/lines\"");
        List<LogRecord> records = await ReadAll(Source(log));

        Assert.Equal(5, records.Count);
        LogRecord first = records[0];
        Assert.StartsWith("nw_listener_socket_inbox_create_socket bind(409, ::.9120)", Encoding.UTF8.GetString(first.Text.Span));
        Assert.Equal((Trust.System, "logstream", true), (first.Trust, first.Source, first.IsWhole));
        Assert.Equal(new Sender(87578) { Uid = 501, Name = "Example", Executable = "/Applications/Example.app/Contents/MacOS/Example" }, first.Sender);
        Assert.Equal(new DateTimeOffset(2025, 6, 24, 14, 44, 49, TimeSpan.FromHours(3)).AddTicks(3828370), first.Time);
        Assert.Equal((1, 5), (first.Number, records[4].Number));
        Assert.Equal((SourceState.Running, 1), (_report.State, _report.Dropped));
    }

    [StandInTheory]
    [InlineData(77, "administrators")]
    [InlineData(64, "Bad predicate")]
    public async Task Read_RefusedForGood_IsUnavailable(int code, string words)
    {
        using StandInProgram log = new("log", $"echo 'log: Bad predicate (Unable to parse)' >&2; exit {code}");

        SourceUnavailableException refused = await Assert.ThrowsAsync<SourceUnavailableException>(() => ReadAll(Source(log)));
        Assert.Contains(words, refused.Message);
    }

    [StandInFact]
    public async Task Read_DiedOtherwise_IsAFailureToBeRetried()
    {
        using StandInProgram log = new("log", "echo boom >&2; exit 3");

        IOException failure = await Assert.ThrowsAsync<IOException>(() => ReadAll(Source(log)));
        Assert.Contains("code 3: boom", failure.Message);
    }

    [StandInFact]
    public async Task Read_NoSuchProgram_IsUnavailable() =>
        await Assert.ThrowsAsync<SourceUnavailableException>(() => ReadAll(new LogStreamSource(new Surroundings { Log = "/nonexistent/log" })));

    [StandInFact]
    public async Task Read_BannerOnly_IsRunningWithoutAnyRecord()
    {
        using StandInProgram log = new("log", "echo 'Filtering the log data using \"x\"'; exec sleep 300");
        TaskCompletionSource running = new();
        SourceReport report = new("logstream", r =>
        {
            if (r.State == SourceState.Running)
                running.TrySetResult();
        });
        using CancellationTokenSource stop = new();
        Task<List<LogRecord>> reading = ReadAll(Source(log), report, stop.Token);

        await running.Task.WaitAsync(Limit);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WaitAsync(Limit));
        Assert.False(Directory.Exists($"/proc/{log.Pid(1)}"), "the child must end with us");
    }

    [StandInFact]
    public async Task Read_ChildIgnoresTermination_IsEndedAllTheSame()
    {
        using StandInProgram log = new("log", "trap '' TERM; echo banner; while :; do sleep 0.05; done");
        TaskCompletionSource running = new();
        SourceReport report = new("logstream", _ => running.TrySetResult());
        using CancellationTokenSource stop = new();
        Task<List<LogRecord>> reading = ReadAll(Source(log), report, stop.Token);

        await running.Task.WaitAsync(Limit);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WaitAsync(Limit));
        Assert.False(Directory.Exists($"/proc/{log.Pid(1)}"), "the child must end with us");
    }

    [StandInFact]
    public async Task Read_AfterARestart_FillsTheGapByLogShowAndTakesNothingTwice()
    {
        // The first stream brings one record; while it is down a second is written; the second stream repeats the first and the second and brings a third.
        using StandInProgram log = new("log", """
            case "$1 $RUN" in
            "stream 1") sed -n '1,2p' "$HERE/lines";;
            "show 3") sed -n '2,3p' "$HERE/lines";;
            "stream 2") sed -n '1p;3,4p' "$HERE/lines";;
            esac
            """);
        WriteLines(log, [.. Lines.Select((line, i) => line.Replace("79768667411910", $"{79768667411910 + i}", StringComparison.Ordinal))]);
        LogStreamSource source = Source(log);

        List<LogRecord> first = await ReadAll(source);
        List<LogRecord> second = await ReadAll(source);
        Assert.Equal((1, 2), (first.Count, second.Count));
        Assert.Contains("127.0.0.1:8080", Encoding.UTF8.GetString(second[0].Text.Span));
        Assert.True(second[0].FollowsGap);
        string[] show = log.Runs[2];
        Assert.Equal(["show", "--style", "ndjson", "--color", "none", "--no-pager", "--loss", "--start"], show[..8]);
        Assert.Matches("^@[0-9]+$", show[8]);
    }

    [StandInFact]
    public async Task Read_LinesCutAtEveryByte_GivesTheSameRecords()
    {
        using StandInProgram log = Playing("python3 -c \"import sys,os\nfor b in open(sys.argv[1],'rb').read(): os.write(1,bytes([b]))\" \"$HERE/lines\"");
        Assert.Equal(5, (await ReadAll(Source(log))).Count);
    }

    [StandInFact]
    public async Task Read_LineWithoutEnd_IsCutCountedAndPassedOver()
    {
        using StandInProgram log = Playing("head -1 \"$HERE/lines\"; head -c 3000000 /dev/zero | tr '\\0' x; echo; sed -n 2p \"$HERE/lines\"");
        Assert.Single(await ReadAll(Source(log)));
        Assert.Equal(1, _report.Cut);
    }

    [StandInFact]
    public async Task Read_BurstOfHundredThousand_LosesNothing()
    {
        // Each record with another trace, or they would be one.
        using StandInProgram log = Playing(
            "python3 -c \"import sys\nl=open(sys.argv[1]).readlines()[1].split('615501266340286468')\nfor i in range(100000): sys.stdout.write(l[0]+str(i)+l[1])\" \"$HERE/lines\"");
        int count = 0;
        await foreach (LogRecord _ in Source(log).ReadAsync(_report, CancellationToken.None))
            count++;
        Assert.Equal(100_000, count);
    }

    [StandInFact]
    public async Task Read_WideModeTooDear_FallsBackToNarrow()
    {
        using StandInProgram log = new("log", """
            case "$*" in
            *EADDRINUSE*) echo banner; exec sleep 300;;
            *) exit 0;;
            esac
            """);
        ManualTimeProvider time = new();
        TimeSpan burnt = TimeSpan.Zero;
        LogStreamSource source = new(new Surroundings { Log = log.Path, IsWideLog = true, Time = time }, _ => burnt += TimeSpan.FromSeconds(1));
        Task<List<LogRecord>> reading = ReadAll(source);

        // A tick that comes while the one before is looked at counts as one with it, so there may be more than the two that it takes.
        while (!reading.IsCompleted)
        {
            time.Advance(CpuGuard.Window);
            await Task.WhenAny(reading, Task.Delay(20));
        }

        await reading;
        Assert.Equal(SourceState.Limited, _report.State);
        Assert.Equal([LogPredicate.Wide, LogPredicate.Narrow], log.Runs.Select(run => run[^1]));
    }

    [StandInFact]
    public async Task ProcessorTime_BusyChild_Grows()
    {
        using StandInProgram log = new("log", "while :; do :; done");
        await using LogChild child = LogChild.Start(log.Path, []);
        while (child.ProcessorTime is not { } spent || spent < TimeSpan.FromMilliseconds(20))
            await Task.Delay(5);
    }

    private static LogStreamSource Source(StandInProgram log) => new(new Surroundings { Log = log.Path });

    private static StandInProgram Playing(string script)
    {
        StandInProgram log = new("log", script);
        WriteLines(log, Lines);
        return log;
    }

    // Each constructed record is a copy of one: without times of their own they would count as one.
    private static void WriteLines(StandInProgram log, string[] lines) => File.WriteAllLines(
        Path.Combine(log.Folder, "lines"),
        lines.Select((line, i) => line.Replace("79768667411910", $"7976866741191{i}", StringComparison.Ordinal)));

    private Task<List<LogRecord>> ReadAll(LogStreamSource source) => ReadAll(source, _report, CancellationToken.None);

    private static async Task<List<LogRecord>> ReadAll(LogStreamSource source, SourceReport report, CancellationToken cancellation)
    {
        List<LogRecord> records = [];
        await foreach (LogRecord record in source.ReadAsync(report, cancellation))
            records.Add(record);
        return records;
    }
}
