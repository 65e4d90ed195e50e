using System.Text.RegularExpressions;
using PortiaWatch.Interop;
using PortiaWatch.Rendering;
using PortiaWatch.Tests.Running;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Rendering;

/// <summary>On a screen of 60 columns no word is broken that fits a line, and no table vanishes.</summary>
public sealed class NarrowScreenTests : IDisposable
{
    private const int Columns = 60;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("doctor")]
    [InlineData("list")]
    public async Task Verb_NarrowScreen_KeepsEveryLineWithinIt(string verb)
    {
        await using Typist typist = Typist.Start(_folder.Path, new Libc.WindowSize(50, Columns, 0, 0), ["portia", .. verb.Length > 0 ? [verb] : Array.Empty<string>()]);
        await typist.Exit;
        await typist.SeesAsync("\n");

        Assert.All(Plain(typist).Split('\n'), line => Assert.True(line.Length <= Columns, line));
    }

    [SkippableFact]
    public async Task List_NarrowScreenAndLongFolder_ShowsPortProcessAndPid()
    {
        Server.Requires("python3");
        string deep = Path.Combine(_folder.Path, string.Join('/', Enumerable.Repeat("a-folder-with-a-long-name", 6)));
        Directory.CreateDirectory(deep);
        int port = Server.FreePort();
        await using Server server = await Server.Start(
            deep, "/usr/bin/python3", "-u", "-c", $"import socket, time; s = socket.create_server(('127.0.0.1', {port})); print('up'); time.sleep(60)").PrintsAsync("up");
        await using Typist typist = Typist.Start(_folder.Path, new Libc.WindowSize(50, Columns, 0, 0), "portia", "list");
        await typist.Exit;

        await typist.SeesAsync($"127.0.0.1:{port}");
        string line = Plain(typist).Split('\n').Single(line => line.Contains($"127.0.0.1:{port} ", StringComparison.Ordinal));
        Assert.Contains("python3", line, StringComparison.Ordinal);
        Assert.Contains($"{server.Pid}", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("one two three", 8, "one two", "three")]
    [InlineData("one  two", 9, "one  two")]
    [InlineData("abcdefghij kl", 4, "abcd", "efgh", "ij", "kl")]
    [InlineData("日本語 text", 6, "日本語", "text")]
    [InlineData("", 5, "")]
    public void Wrap_Sentence_BreaksAtSpaces(string text, int room, params string[] lines) => Assert.Equal(lines, HangingText.Wrap(text, room));

    [Fact]
    public void FittingColumns_AnyRoom_NeverNeedsMoreUnlessNothingIsLeftToGo()
    {
        for (int room = 40; room <= 220; room++)
        {
            var widths = new FittingColumns([60, 40, 7, 12, 8, 120, 30], [(5, 16), (0, 24), (6, 12), (1, 12), (5, 10)], [6, 3, 5, 4], room);
            int needed = Enumerable.Range(0, 7).Where(column => widths[column] > 0).Sum(column => widths[column] + FittingColumns.Gap) - FittingColumns.Gap;
            Assert.True(needed <= Math.Max(room, 24 + 12 + 7 + 4), $"{needed} of {room}");
            Assert.True(widths[0] >= 24 && widths[1] >= 12 && widths[2] == 7);
        }
    }

    private static string Plain(Typist typist) => Regex.Replace(typist.Shown, "\e(\\[[0-9;?]*[a-zA-Z]|=|>)", "");
}
