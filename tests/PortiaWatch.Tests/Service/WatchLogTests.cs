using PortiaWatch.Daemon;
using PortiaWatch.Tests.Support;
using Serilog;
using Serilog.Core;

namespace PortiaWatch.Tests.Service;

public sealed class WatchLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void JournalLines_EveryLine_HasItsImportance()
    {
        var output = new StringWriter();
        using Logger log = new LoggerConfiguration().MinimumLevel.Verbose().WriteTo.Sink(new JournalLines(output)).CreateLogger();

        log.Debug("small");
        log.Information("two\nlines of {Name}", "node");
        log.Warning("bad");
        log.Error(new InvalidOperationException("worse"), "failed");

        Assert.Equal("<7>small\n<6>two\n<6>lines of node\n<4>bad\n<3>failed\n<3>System.InvalidOperationException: worse\n", output.ToString());
    }

    [Theory]
    [InlineData("8:1234", 0, 8, 1234, true)]
    [InlineData("2049:7", 8, 1, 7, true)]
    [InlineData("66307:7", 259, 3, 7, true)]
    [InlineData("1048576:7", 0, 256, 7, true)]
    [InlineData("8:1235", 0, 8, 1234, false)]
    [InlineData("9:1234", 0, 8, 1234, false)]
    [InlineData("nonsense", 0, 8, 1234, false)]
    [InlineData("", 0, 0, 0, false)]
    public void IsSame_DeviceAndInode_AreComparedAsMakedevWritesThem(string stream, ulong major, ulong minor, ulong inode, bool expected) =>
        Assert.Equal(expected, JournalStream.IsSame(stream, (major << 32) | minor, inode));

    [SkippableTheory]
    [InlineData("$(stat -L -c %d:%i /proc/self/fd/2)", true)]
    [InlineData("1:1", false)]
    public async Task Watch_JournaldReadsStandardError_PrefixesTheLines(string stream, bool isPrefixed)
    {
        Server.RequiresThat(OperatingSystem.IsLinux(), "journald is on Linux only");
        string messages = Path.Combine(_folder.Path, "messages");
        await using Server watcher = Server.Start(
            _folder.Path, "/bin/sh", "-c", $"exec 2>>{messages}; export JOURNAL_STREAM={stream}; \"$0\" watch --source stdin --config /nonexistent/x < /dev/null; \"$0\" watch --source stdin < /dev/null", Portia.Program);
        await watcher.WaitForExitAsync();

        string[] lines = await File.ReadAllLinesAsync(messages);
        Assert.Contains(lines, line => line.Contains("watching stdin", StringComparison.Ordinal) && line.StartsWith("<6>watching", StringComparison.Ordinal) == isPrefixed);
    }

    [Fact]
    public async Task Watch_LogFile_GetsWhatTheLevelLetsThrough()
    {
        string config = Config("warning", $"{_folder.Path}/logs/portia.log");

        Portia.Answer answer = await Portia.PipeAsync("", "watch", "--source", "stdin", "--config", config);
        Assert.DoesNotContain("watching", answer.Messages + Log(), StringComparison.Ordinal);

        await Portia.PipeAsync("", "watch", "--source", "stdin", "--config", config, "--verbose");
        Assert.Contains("watching stdin", Log(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_LogFileThatCannotBeWritten_SaysSoOnStandardErrorAndGoesOn()
    {
        _folder.Write("logs", "a file, not a folder");

        Portia.Answer answer = await Portia.PipeAsync("", "watch", "--source", "stdin", "--config", Config("info", $"{_folder.Path}/logs/portia.log"));

        Assert.Equal(0, answer.ExitCode);
        Assert.Contains("cannot be written", answer.Messages, StringComparison.Ordinal);
        Assert.Contains("watching stdin", answer.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_LevelChangedInTheFile_CountsAtOnce()
    {
        string config = Config("error", null);
        await using Portia portia = Portia.Start("watch", "--source", "stdin", "--json", "--config", config);
        await portia.Input.WriteLineAsync("listen tcp 127.0.0.1:5995: bind: address already in use");
        await portia.Input.FlushAsync();
        Assert.NotNull(await portia.ReadLineAsync());

        Config("info", null);
        await portia.WaitForMessageAsync("configuration reloaded");

        Assert.DoesNotContain("watching", portia.Messages, StringComparison.Ordinal);
    }

    private string Config(string level, string? file) =>
        _folder.Write("portia.json", $$"""{ "log": { "level": "{{level}}"{{(file is null ? "" : $", \"file\": \"{file}\"")}} } }""");

    private string Log() => Directory.Exists($"{_folder.Path}/logs") ? string.Concat(Directory.GetFiles($"{_folder.Path}/logs").Select(File.ReadAllText)) : "";
}
