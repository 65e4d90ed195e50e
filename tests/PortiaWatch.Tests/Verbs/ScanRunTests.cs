using System.IO.Compression;
using System.Text;
using System.Text.Json;
using PortiaWatch.Pipeline.Detection;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Verbs;

namespace PortiaWatch.Tests.Verbs;

public sealed class ScanRunTests : IDisposable
{
    private const string Hit = "Error: listen EADDRINUSE: address already in use 127.0.0.1:3000";

    private readonly string _folder = Directory.CreateTempSubdirectory("portia-scan-").FullName;
    private readonly StringWriter _answers = new();
    private readonly StringWriter _messages = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Scan_Json_PrintsTheContractsKeysInOrder()
    {
        Assert.Equal(0, await RunAsync(Json(Write("a.log", $"one\n{Hit}\n"))));
        Assert.Equal(
            "{\"schema\":\"portia.sighting/1\",\"record\":2,\"kind\":\"collision\",\"transport\":\"tcp\",\"address\":\"127.0.0.1\",\"port\":3000,\"path\":null,\"pattern\":\"errno-name\",\"text\":\""
            + Hit + "\"}\n",
            _answers.ToString());
    }

    [Fact]
    public async Task Scan_NothingFound_AnswersOne() => Assert.Equal(1, await RunAsync(Json(Write("a.log", "all is well\n"))));

    [Fact]
    public async Task Scan_MissingFile_SaysSoInOneSentence()
    {
        var path = Path.Combine(_folder, "none.log");
        Assert.Equal(2, await RunAsync(Json(path)));
        Assert.Equal($"There is no file {path}.\n", _messages.ToString());
    }

    [Fact]
    public async Task Scan_Folder_SaysWhatToName() => Assert.Equal(2, await RunAsync(Json(_folder)));

    [Fact]
    public async Task Scan_GlobOverPackedAndPlainFiles_ReadsBoth()
    {
        Write("a.log", Hit + "\n");
        await using (var packed = new GZipStream(File.Create(Path.Combine(_folder, "b.log")), CompressionLevel.Fastest))
            await packed.WriteAsync(Encoding.UTF8.GetBytes("listen tcp :8080: bind: address already in use\n"));
        Assert.Equal(0, await RunAsync(Json(Path.Combine(_folder, "*.log"))));
        Assert.Equal([3000, 8080], Ports());
    }

    [Fact]
    public async Task Scan_Since_LeavesOutWhatIsOlder()
    {
        var path = Write("a.log", $"2026-11-22T01:00:00Z {Hit}\nfine\n2026-11-22T03:00:00Z listen tcp :8080: bind: address already in use\n");
        Assert.Equal(0, await RunAsync(Json(path) with { Since = new DateTimeOffset(2026, 11, 22, 2, 0, 0, TimeSpan.Zero) }));
        Assert.Equal([8080], Ports());
    }

    [Fact]
    public async Task Scan_ForAPerson_ShowsContextAndSummary()
    {
        var path = Write("a.log", $"before\n{Hit}\nafter\n");
        Assert.Equal(0, await RunAsync(new ScanOptions { Files = [path], Context = 1 }));
        var shown = _answers.ToString();
        Assert.Contains("1  before", shown, StringComparison.Ordinal);
        Assert.Contains("3  after", shown, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1:3000", shown, StringComparison.Ordinal);
        Assert.DoesNotContain('\x1b', shown);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(4093)]
    public void Reader_HoweverReadsAreCut_TellsTheSame(int chunk)
    {
        var text = Encoding.UTF8.GetBytes($"one\r\n1795310169: Opening ipv4 listen socket on port 1883.\n1795310169: Error: Address already in use\n{Hit}\n  code: 'EADDRINUSE',\n  port: 3000\n}}\nlast: Adresse déjà utilisée");
        Assert.Equal(Read(text, text.Length), Read(text, chunk));
    }

    [Fact]
    public void Reader_EndlessLine_IsPassedOverInConstantMemory()
    {
        var text = Encoding.UTF8.GetBytes(new string('x', 3 << 20) + "\n" + Hit + "\n");
        Assert.Equal("2 127.0.0.1:3000", Assert.Single(Read(text, 70_000)));
    }

    [Theory]
    [InlineData("90s", 90)]
    [InlineData("2h", 7200)]
    [InlineData("1.5m", 90)]
    public void Since_Span_CountsBackFromNow(string text, int seconds)
    {
        var now = new DateTimeOffset(2026, 11, 22, 2, 0, 0, TimeSpan.Zero);
        Assert.True(ScanVerb.TryParseSince(text, now, out var since));
        Assert.Equal(now.AddSeconds(-seconds), since);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("")]
    [InlineData("10y")]
    public void Since_Nonsense_IsRefused(string text) => Assert.False(ScanVerb.TryParseSince(text, default, out _));

    private static ScanOptions Json(string path) => new() { Files = [path], IsJson = true };

    private static List<string> Read(byte[] text, int chunk)
    {
        using var reader = new ScanReader(new Detector { TellsEarly = false }, "a");
        using var stream = new ChunkStream(text, chunk);
        var found = new List<Sighting>();
        while (reader.Read(stream, found))
        {
        }

        return [.. found.Select(sighting => $"{sighting.Number} {sighting.Endpoint}")];
    }

    private Task<int> RunAsync(ScanOptions options) => ScanRun.ExecuteAsync(options, _answers, _messages, CancellationToken.None);

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private IEnumerable<int> Ports() =>
        _answers.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("port").GetInt32());

    private sealed class ChunkStream(byte[] bytes, int chunk) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, chunk)]);
    }
}
