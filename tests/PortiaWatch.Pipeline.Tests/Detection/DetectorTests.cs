using System.Text;
using PortiaWatch.Pipeline.Detection;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Tests.Detection;

public sealed class DetectorTests
{
    private static readonly DateTimeOffset Later = Feed.Start + Detector.BlockWait;

    private readonly List<Sighting> _into = [];

    [Fact]
    public void Detect_CompleteFirstLine_IsToldAtOnceAndTheRestSwallowed()
    {
        var detector = new Detector();
        detector.Detect(Feed.Record("Error: listen EADDRINUSE: address already in use :::3000\n"u8.ToArray()), _into);
        var sighting = Assert.Single(_into);
        Assert.Equal(3000, sighting.Endpoint.Port);
        detector.Detect(Feed.Record("    at listen (node:net:1:2)\nEmitted 'error' event on Server instance at:\n  code: 'EADDRINUSE',\n  port: 3000\n}\n"u8.ToArray(), number: 2), _into);
        detector.Complete(_into);
        Assert.Single(_into);
    }

    [Fact]
    public void Detect_ErrorWithoutPort_WaitsForItsContinuation()
    {
        var detector = new Detector();
        detector.Detect(Feed.Record("Address already in use\n"u8.ToArray()), _into);
        Assert.Empty(_into);
        Assert.Equal(Later, detector.NextFlush);
        detector.Detect(Feed.Record("Port 5000 is in use by another program.\nGET / 200\n"u8.ToArray(), number: 2), _into);
        Assert.Equal(5000, Assert.Single(_into).Endpoint.Port);
        Assert.Null(detector.NextFlush);
    }

    [Fact]
    public void Detect_AnotherProgramMovesOnAfterATrace_AreTwoSightings()
    {
        var detector = new Detector();
        detector.Detect(
            Feed.Record("Traceback (most recent call last):\n  File \"s.py\", line 3, in <module>\n    s.bind(address)\nOSError: [Errno 98] Address already in use\nPort 5173 is in use, trying another one...\n"u8.ToArray()), _into);
        detector.Complete(_into);

        Assert.Equal([(SightingKind.Collision, null), (SightingKind.Resolved, (int?)5173)], _into.Select(sighting => (sighting.Kind, sighting.Endpoint.Port)));
    }

    [Theory]
    [InlineData("OSError: [Errno 98] Address already in use\nPort 5173 is in use, trying another one...\n")]
    [InlineData("Address already in use\nPort 5173 is in use, trying another one...\n")]
    public void Detect_ProgramThatSaysItAndMovesOn_IsOneSighting(string text)
    {
        var detector = new Detector();
        detector.Detect(Feed.Record(System.Text.Encoding.UTF8.GetBytes(text)), _into);
        detector.Complete(_into);

        Assert.Equal((SightingKind.Resolved, (int?)5173), (Assert.Single(_into).Kind, _into[0].Endpoint.Port));
    }

    [Fact]
    public void Flush_BeforeTheWaitIsOver_KeepsTheBlockOpen()
    {
        var detector = new Detector();
        detector.Detect(Feed.Record("OSError: [Errno 98] Address already in use\n"u8.ToArray()), _into);
        detector.Flush(Later - TimeSpan.FromMilliseconds(1), _into);
        Assert.Empty(_into);
        detector.Flush(Later, _into);
        Assert.Null(Assert.Single(_into).Endpoint.Port);
    }

    [Fact]
    public void Detect_AnnouncementInAnEarlierRecord_GivesThePort()
    {
        var detector = new Detector();
        detector.Detect(Feed.Record("1795310169: Opening ipv4 listen socket on port 1883.\n"u8.ToArray()), _into);
        detector.Detect(Feed.Record("1795310169: Error: Address already in use\n"u8.ToArray(), number: 2), _into);
        detector.Complete(_into);
        var sighting = Assert.Single(_into);
        Assert.Equal(1883, sighting.Endpoint.Port);
        Assert.Equal(2, sighting.Number);
    }

    [Fact]
    public void Detect_TwoStreams_AreNotMixed()
    {
        var detector = new Detector();
        detector.Detect(Feed.Record("Address already in use\n"u8.ToArray(), stream: "a"), _into);
        detector.Detect(Feed.Record("Port 5000 is in use by another program.\n"u8.ToArray(), stream: "b"), _into);
        detector.Complete(_into);
        Assert.Equal(2, _into.Count);
    }

    [Fact]
    public void Detect_ComposeServicesInterleaved_AreKeptApart()
    {
        const string Text = """
            web-1  | Error: listen EADDRINUSE: address already in use :::3000
            db-1   | 2026-11-22 10:11:12.345 UTC [1] LOG:  could not bind IPv4 address "127.0.0.1": Address already in use
            web-1  |   code: 'EADDRINUSE',
            db-1   | 2026-11-22 10:11:12.345 UTC [1] HINT:  Is another postmaster already running on port 5432? If not, wait a few seconds and retry.
            web-1  |   port: 3000
            """;
        var sightings = Feed.Lines(Text);
        Assert.Equal([3000, 5432], sightings.Select(sighting => sighting.Endpoint.Port).OfType<int>().Order());
        Assert.Equal(["db-1", "web-1"], sightings.Select(sighting => sighting.ClaimedProgram).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Detect_UnrelatedFailuresBackToBack_StandForThemselves()
    {
        var sightings = Feed.Lines("Error: listen EADDRINUSE: address already in use :::3000\nlisten tcp :8080: bind: address already in use\nPort 5173 is in use, trying another one...\n");
        Assert.Equal([3000, 8080, 5173], sightings.Select(sighting => sighting.Endpoint.Port).OfType<int>());
    }

    [Fact]
    public void Detect_SameLineTenThousandTimes_CountsEach()
    {
        var sightings = Feed.Lines(string.Concat(Enumerable.Repeat("Error: listen EADDRINUSE: address already in use :::3000\n", 10_000)));
        Assert.Equal(10_000, sightings.Count);
        Assert.Equal(10_000, sightings[^1].Number);
    }

    [Fact]
    public void Detect_BothFamiliesOfOnePort_AreOneSighting()
    {
        var sightings = Feed.Lines("[emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)\n[emerg] bind() to [::]:80 failed (98: Address already in use)\n");
        Assert.Equal("0.0.0.0", Assert.Single(sightings).Endpoint.Address);
    }

    [Fact]
    public void Detect_PostgresHintInItsOwnJournalRecord_JoinsTheError()
    {
        var detector = new Detector();
        detector.Detect(Feed.Record("LOG:  could not bind IPv4 address \"127.0.0.1\": Address already in use"u8.ToArray(), isWhole: true, stream: "7"), _into);
        detector.Detect(Feed.Record("HINT:  Is another postmaster already running on port 5432? If not, wait a few seconds and retry."u8.ToArray(), isWhole: true, number: 2, stream: "7"), _into);
        detector.Complete(_into);
        var sighting = Assert.Single(_into);
        Assert.Equal((5432, "127.0.0.1"), (sighting.Endpoint.Port, sighting.Endpoint.Address));
    }

    [Theory]
    [InlineData("8")]
    [InlineData("")]
    public void Detect_HintOfAnotherSender_StandsForItself(string stream)
    {
        var detector = new Detector();
        detector.Detect(Feed.Record("LOG:  could not bind IPv4 address \"127.0.0.1\": Address already in use"u8.ToArray(), isWhole: true, stream: ""), _into);
        detector.Detect(Feed.Record("HINT:  Is another postmaster already running on port 5432?"u8.ToArray(), isWhole: true, number: 2, stream: stream), _into);
        detector.Complete(_into);
        Assert.Null(_into[0].Endpoint.Port);
    }

    [Fact]
    public void Detect_ReportedEndpoint_IsTakenAsItIs()
    {
        var endpoint = new Endpoint { Transport = Transport.Tcp, Address = "127.0.0.1", Port = 3000 };
        new Detector().Detect(Feed.Record(default) with { Source = "kernel", Reported = endpoint }, _into);
        Assert.Equal(("kernel", endpoint), (_into[0].Pattern, _into[0].Endpoint));
    }

    [Theory]
    [InlineData("{\"log\":\"Error: listen EADDRINUSE: address already in use :::3000\\n\",\"stream\":\"stderr\",\"time\":\"2026-11-22T10:00:00Z\"}", 3000)]
    [InlineData("2026-11-22T10:00:00.000000000Z stderr F listen tcp :8080: bind: address already in use", 8080)]
    [InlineData("Nov 22 10:00:00 host nginx[12]: bind() to 0.0.0.0:80 failed (98: Address already in use)", 80)]
    [InlineData("{\"__CURSOR\":\"s=1\",\"_PID\":\"7\",\"MESSAGE\":[69,65,68,68,82,73,78,85,83,69,32,58,58,58,51,48,48,48]}", 3000)]
    [InlineData("{\"_PID\":\"7\",\"__CURSOR\":\"s=1\",\"MESSAGE\":[\"first\",\"listen EADDRINUSE: address already in use 0.0.0.0:8080\"]}", 8080)]
    [InlineData("{\"eventMessage\":\"bind(12, 127.0.0.1:8080) tcp, server failed [48: Address already in use]\",\"processImagePath\":\"\\/a\\/B\",\"traceID\":18198813747412992004}", 8080)]
    [InlineData("{\"level\":\"error\",\"err\":{\"code\":\"EADDRINUSE\",\"port\":4321,\"pid\":77}}", 4321)]
    [InlineData("time=2026-11-22T10:00:00Z level=error msg=\"listen failed\" err=\"bind: address already in use\" addr=0.0.0.0:9090", 9090)]
    public void Detect_RecordOfALogFormat_IsOpened(string line, int port) => Assert.Equal(port, Assert.Single(Feed.Lines(line)).Endpoint.Port);

    [Theory]
    [InlineData("Filtering the log data using \"eventMessage CONTAINS \"Address already in use\"\"")]
    [InlineData("{\"count\":5,\"finished\":1}")]
    [InlineData("{\"eventType\":\"lossEvent\",\"timestamp\":\"2026-10-04 17:50:34.000000+0200\"}")]
    [InlineData("{\"MESSAGE\":null,\"_PID\":\"7\",\"__CURSOR\":\"s=1\"}")]
    public void Detect_ControlRecord_SaysNothing(string line) => Assert.Empty(Feed.Lines(line));

    [Fact]
    public void Detect_MegabyteLine_IsBoundedAndTheNextLineRead()
    {
        var text = Encoding.UTF8.GetBytes(new string('x', 1 << 20) + " address already in use\nlisten tcp :8080: bind: address already in use\n");
        Assert.Equal(8080, Assert.Single(Feed.Lines(text)).Endpoint.Port);
    }

    [Fact]
    public void Detect_NulsInvalidUtf8AndDeepJson_AreSurvived()
    {
        byte[] text =
        [
            .. "\0\0\xff\xfe address already in use \0:::3000\n"u8, 0xff, 0xfe, 0x80, (byte)'\n',
            .. Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"in use\":", 10_000)) + "\n{\"msg\":\"address already in use\n"),
            .. "listen tcp :8080: bind: address already in use"u8,
        ];
        Assert.Contains(Feed.Lines(text), sighting => sighting.Endpoint.Port == 8080);
    }

    [Fact]
    public void Detect_CarriageReturnsOnly_AreLineEnds()
    {
        var sightings = Feed.Lines("starting\rlisten tcp :8080: bind: address already in use\rbye\r");
        Assert.Equal(8080, Assert.Single(sightings).Endpoint.Port);
    }

    [Fact]
    public void Detect_ColourInsideThePhrase_IsSeenThrough() =>
        Assert.Equal(3000, Assert.Single(Feed.Lines("\x1b[31mError:\x1b[0m listen \x1b[1mEADDRINUSE\x1b[0m: address already in use :::\x1b[33m3000\x1b[0m\n")).Endpoint.Port);

    [Fact]
    public void Sighting_Text_HasNoControlCharacters() => Assert.DoesNotContain(Assert.Single(Feed.Lines("\x1b[31mError\x1b[0m: bind:\tAddress already in use\x07 :80\n")).Text, char.IsControl);
}
