using System.Diagnostics;
using System.Text;
using Microsoft.Win32.SafeHandles;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Sources;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Pipeline.Tests.Sources;

/// <summary>What following files means, on a real file system with real notifications, however files are opened and told apart.</summary>
public abstract class FileSourceSuite : IDisposable
{
    private protected TemporaryFolder Folder { get; } = new();

    protected abstract Func<SafeFileHandle, (ulong Device, ulong Inode)?> Identify { get; }

    protected abstract Func<string, SafeFileHandle?>? Open { get; }

    public void Dispose()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task ReadAsync_FileThatExists_GivesOnlyWhatIsAppended()
    {
        Folder.Write("app.log", "old line\n");
        await using var reading = await StartAsync("app.log");

        Folder.Append("app.log", "new line\nsecond\n");
        await reading.UntilTextAsync("second\n");

        Assert.Equal("new line\nsecond\n", reading.Text);
        Assert.All(reading.Records, r => Assert.Equal(("file", Trust.Text, null, Folder["app.log"], 0L), (r.Source, r.Trust, r.Sender, r.Stream, r.Number)));
    }

    [Fact]
    public async Task ReadAsync_FromBeginning_GivesEverythingWithLineNumbers()
    {
        Folder.Write("app.log", "one\ntwo\n");
        await using var reading = await StartAsync(Source(["app.log"], fromBeginning: true));

        Folder.Append("app.log", "three\n");
        await reading.UntilTextAsync("three\n");

        Assert.Equal("one\ntwo\nthree\n", reading.Text);
        Assert.Equal([1L, 3L], reading.Records.Select(r => r.Number));
    }

    [Fact]
    public async Task ReadAsync_FileThatDoesNotExist_IsWaitedForSaidAndReadFromItsBeginning()
    {
        await using var reading = await StartAsync("app.log");
        Assert.Equal((SourceState.Waiting, $"waits for {Folder["app.log"]}, which does not exist yet"), (reading.Report.State, reading.Report.Note));

        Folder.Write("app.log", "first\n");
        await reading.UntilTextAsync("first\n");
        await reading.UntilStateAsync(SourceState.Running);

        Assert.Null(reading.Report.Note);
        Assert.Equal(1, reading.Records[0].Number);
    }

    [Fact]
    public async Task ReadAsync_FolderThatDoesNotExist_IsWaitedForAndFollowedWhenItComesBack()
    {
        await using var reading = await StartAsync("a/b/c/*.log");
        Assert.Equal(SourceState.Waiting, reading.Report.State);
        for (var round = 0; round < 5; round++)
        {
            Directory.CreateDirectory(Folder["a/b/c"]);
            Folder.Write("a/b/c/x.log", $"round {round}\n");
            await reading.UntilTextAsync($"round {round}\n");
            Folder.Append("a/b/c/x.log", $"more {round}\n");
            await reading.UntilTextAsync($"more {round}\n");
            Directory.Delete(Folder["a"], recursive: true);
            await reading.UntilStateAsync(SourceState.Waiting);
        }

        Assert.Equal(10, Count(reading.Text, "\n"));
    }

    [Fact]
    public async Task ReadAsync_TruncatedFile_IsReadFromItsBeginning()
    {
        Folder.Write("app.log", "a long line that was there before\n");
        await using var reading = await StartAsync("app.log");
        Folder.Append("app.log", "appended\n");
        await reading.UntilTextAsync("appended\n");

        Folder.Write("app.log", "short\n");
        await reading.UntilTextAsync("short\n");

        Assert.Equal("appended\nshort\n", reading.Text);
        Assert.True(reading.Records[^1].FollowsGap);
        Assert.Equal(1, reading.Records[^1].Number);
    }

    [Fact]
    public async Task ReadAsync_TruncatedAndWrittenPastItsOldEnd_IsReadFromItsBeginning()
    {
        using var file = new FileStream(Folder["app.log"], FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        await using var reading = await StartAsync("app.log");
        Write(file, "first run\n");
        await reading.UntilTextAsync("first run\n");

        for (var run = 2; run < 50; run++)
        {
            // In one write, so that no notification finds the file short.
            file.Position = 0;
            Write(file, $"run {run}\n" + new string('x', run * 20) + "\n");
            await reading.UntilTextAsync($"run {run}\n");
        }

        Assert.Equal(1 + (48 * 2), Count(reading.Text, "\n"));
    }

    [Fact]
    public async Task ReadAsync_CopyTruncate_GivesEveryLineOnce()
    {
        using var writer = Writer("app.log");
        await using var reading = await StartAsync("app.log");
        for (var round = 0; round < 10; round++)
        {
            Write(writer, $"line {round}\n");
            await reading.UntilTextAsync($"line {round}\n");
            File.Copy(Folder["app.log"], Folder["app.log.1"], overwrite: true);
            writer.SetLength(0);
        }

        Assert.Equal(10, Count(reading.Text, "\n"));
    }

    [Fact]
    public async Task ReadAsync_DeletedAndMadeAgain_FinishesTheOldThenTheNew()
    {
        await using var reading = await StartAsync("app.log");
        for (var round = 0; round < 20; round++)
        {
            Folder.Write("app.log", $"made {round}\n");
            await reading.UntilTextAsync($"made {round}\n");
            Folder.Append("app.log", $"last words {round}\nno end {round}");
            File.Delete(Folder["app.log"]);
            await reading.UntilTextAsync($"no end {round}");
        }

        Assert.Equal(40, Count(reading.Text, "\n"));
    }

    [Fact]
    public async Task ReadAsync_ReplacedByRenameOver_ReadsTheNewOneFromItsBeginning()
    {
        Folder.Write("app.log", "old content that is rather long\n");
        await using var reading = await StartAsync("app.log");
        Folder.Write("app.tmp", "new\n");

        File.Move(Folder["app.tmp"], Folder["app.log"], overwrite: true);
        await reading.UntilTextAsync("new\n");

        Assert.Equal("new\n", reading.Text);
    }

    [Fact]
    public async Task ReadAsync_OldFileMovedIntoPlace_IsAsOldAsItWas()
    {
        await using var reading = await StartAsync("app.log");
        Folder.Write("archive", "EADDRINUSE of last week\n");
        var lastWeek = Some.Noon - TimeSpan.FromDays(700);
        File.SetLastWriteTimeUtc(Folder["archive"], lastWeek.UtcDateTime);

        File.Move(Folder["archive"], Folder["app.log"]);
        await reading.UntilTextAsync("last week\n");

        Assert.Equal(lastWeek, reading.Records[0].Time);
        Assert.True(reading.Records[0].ReadAt - reading.Records[0].Time > TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task ReadAsync_NamedPipesDevicesAndCirclesOfLinks_AreLeftAlone()
    {
        await RunAsync("mkfifo", Folder["pipe.log"]);
        File.CreateSymbolicLink(Folder["zero.log"], "/dev/zero");
        File.CreateSymbolicLink(Folder["to-pipe.log"], Folder["pipe.log"]);
        File.CreateSymbolicLink(Folder["circle.log"], Folder["circle2.log"]);
        File.CreateSymbolicLink(Folder["circle2.log"], Folder["circle.log"]);
        Directory.CreateDirectory(Folder["folder.log"]);
        await using var reading = await StartAsync("*.log");

        await RunAsync("mkfifo", Folder["later.log"]);
        Folder.Write("real.log", "real\n");
        await reading.UntilTextAsync("real\n");

        Assert.Equal("real\n", reading.Text);
    }

    [Fact]
    public async Task ReadAsync_LinkToAFileElsewhere_IsFollowed()
    {
        Directory.CreateDirectory(Folder["data"]);
        Directory.CreateDirectory(Folder["links"]);
        Folder.Write("data/today", "old\n");
        File.CreateSymbolicLink(Folder["links/app.log"], Folder["data/today"]);
        await using var reading = await StartAsync("links/app.log");

        Folder.Append("data/today", "through the link\n");
        await reading.UntilTextAsync("through the link\n");
        Folder.Write("data/tomorrow", "after the switch\n");
        File.CreateSymbolicLink(Folder["links/new"], Folder["data/tomorrow"]);
        File.Move(Folder["links/new"], Folder["links/app.log"], overwrite: true);
        await reading.UntilTextAsync("after the switch\n");

        Assert.Equal("through the link\nafter the switch\n", reading.Text);
    }

    [Fact]
    public async Task ReadAsync_HalfALine_WaitsForItsEnd()
    {
        using var writer = Writer("app.log");
        await using var reading = await StartAsync("app.log", "marker.log");
        Write(writer, "Error: listen EADDR");
        Folder.Write("marker.log", "seen\n");
        await reading.UntilTextAsync("seen\n");
        Write(writer, "INUSE :::3000\n");
        await reading.UntilTextAsync("3000\n");

        Assert.Equal("seen\nError: listen EADDRINUSE :::3000\n", reading.Text);
    }

    [Fact]
    public async Task ReadAsync_LineOfTenMegabytes_IsCutAndCounted()
    {
        using var writer = Writer("app.log");
        await using var reading = await StartAsync("app.log");
        for (var i = 0; i < 100; i++)
            Write(writer, new string('x', 100_000));
        Write(writer, "\nnext\n");
        await reading.UntilTextAsync("next\n");

        Assert.Equal([65_536, 5], reading.Records.Select(r => r.Text.Length));
        Assert.Equal(1, reading.Report.Cut);
        Assert.True(reading.Records[1].FollowsGap);
    }

    [Fact]
    public async Task ReadAsync_MoreFilesThanAreFollowed_SaysSo()
    {
        for (var i = 0; i < 1_030; i++)
            Folder.Write($"{i}.log", "x\n");
        await using var reading = await StartAsync("*.log");

        Assert.Equal((SourceState.Limited, "follows the first 1024 files only"), (reading.Report.State, reading.Report.Note));
    }

    [Fact]
    public async Task ReadAsync_StartedAgain_GoesOnWhereItWas()
    {
        Folder.Write("app.log", "old\n");
        var source = Source(["app.log", "later.log"]);
        await using (var first = await StartAsync(source))
        {
            Folder.Append("app.log", "first run\n");
            await first.UntilTextAsync("first run\n");
        }

        Folder.Append("app.log", "in between\n");
        Folder.Write("later.log", "new in between\n");
        await using var second = await StartAsync(source);
        await second.UntilTextAsync("new in between\n");

        Assert.Equal(["app.log: in between\n", "later.log: new in between\n"], second.Records.Select(r => $"{Path.GetFileName(r.Stream)}: {TextOf(r)}").Order());
    }

    private protected FileSource Source(string[] names, bool fromBeginning = false) =>
        new([.. names.Select(name => Folder[name])], "/", Identify, TimeProvider.System, Open) { FromBeginning = fromBeginning };

    private protected Task<SourceReading> StartAsync(params string[] names) => StartAsync(Source(names));

    private protected static async Task<SourceReading> StartAsync(FileSource source)
    {
        var reading = new SourceReading(source);
        await reading.UntilStartedAsync();
        return reading;
    }

    private protected FileStream Writer(string name) => new(Folder[name], FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    private protected static void Write(FileStream file, string text) => file.Write(Encoding.UTF8.GetBytes(text));

    private protected static string TextOf(LogRecord record) => Encoding.UTF8.GetString(record.Text.Span);

    private protected static int Count(string text, string part) => text.Split(part).Length - 1;

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }
}
