using NSubstitute;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Sources;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Pipeline.Tests.Sources;

public sealed class HookSourceTests
{
    private static readonly ProcessIdentity Peer = new(4121, 7, 1);

    private readonly IProcessTable _processes = Substitute.For<IProcessTable>();
    private readonly ManualTimeProvider _time = new();
    private readonly HookSource _source;

    public HookSourceTests()
    {
        _processes.Describe(Peer.Pid).Returns(new ProcessFacts { Identity = Peer, Name = "node", WorkingDirectory = "/shop" });
        _source = new HookSource(_processes, _time);
    }

    [Fact]
    public void Report_OfAProcessThatTheKernelPins_IsItsOwnWord()
    {
        LogRecord record = _source.Describe(new PeerCredentials(Peer.Pid, 1000) { Process = Peer }, Some.Tcp(), SightingKind.Collision);

        Assert.Equal((Trust.Child, "hook", Some.Tcp()), (record.Trust, record.Source, record.Reported));
        Assert.Equal((Peer.Pid, 1000u, "/shop"), (record.Sender!.Pid, record.Sender.Uid!.Value, record.Sender.Facts!.WorkingDirectory));
    }

    [Fact]
    public void Report_OfAProcessThatIsGone_IsBelievedNoFurtherThanText()
    {
        LogRecord record = _source.Describe(new PeerCredentials(Peer.Pid, 1000), Some.Tcp(), SightingKind.Collision);

        Assert.Equal(Trust.Text, record.Trust);
        Assert.Null(record.Sender!.Facts);
    }

    [Fact]
    public void Report_OfAPidThatWasGivenAway_BlamesNobody()
    {
        LogRecord record = _source.Describe(new PeerCredentials(Peer.Pid, 1000) { Process = Peer with { Generation = 8 } }, Some.Tcp(), SightingKind.Collision);

        Assert.Equal(Trust.Text, record.Trust);
        Assert.Null(record.Sender!.Facts);
    }

    [Fact]
    public void Report_OfAnotherNetwork_SaysSo()
    {
        LogRecord record = _source.Describe(new PeerCredentials(Peer.Pid, 1000) { Process = Peer, ForeignNetwork = 42 }, Some.Tcp(), SightingKind.Collision);

        Assert.Equal(42ul, record.Sender!.ForeignNetwork);
    }

    [Fact]
    public async Task Deliver_NoRoomForLong_IsLostAndCounted()
    {
        var report = new SourceReport(_source.Name);
        await using IAsyncEnumerator<LogRecord> reader = _source.ReadAsync(report, CancellationToken.None).GetAsyncEnumerator();
        ValueTask<bool> first = reader.MoveNextAsync();
        LogRecord record = _source.Describe(new PeerCredentials(Peer.Pid, 1000) { Process = Peer }, Some.Tcp(), SightingKind.Collision);
        await _source.DeliverAsync(record, CancellationToken.None);
        Assert.True(await first);

        int delivered = 0;
        Task waiting;
        while ((waiting = _source.DeliverAsync(record, CancellationToken.None)).IsCompleted)
            delivered++;
        _time.Advance(HookSource.LongestWait);
        await waiting;

        Assert.Equal(256, delivered);
        Assert.Equal(1, report.Dropped);
    }

    [Fact]
    public async Task Deliver_RoomInTime_LosesNothing()
    {
        LogRecord record = _source.Describe(new PeerCredentials(Peer.Pid, 1000) { Process = Peer }, Some.Tcp(), SightingKind.Collision);
        Task waiting;
        while ((waiting = _source.DeliverAsync(record, CancellationToken.None)).IsCompleted)
        {
        }

        var report = new SourceReport(_source.Name);
        await using IAsyncEnumerator<LogRecord> reader = _source.ReadAsync(report, CancellationToken.None).GetAsyncEnumerator();
        Assert.True(await reader.MoveNextAsync());
        await waiting;

        Assert.Equal(0, report.Dropped);
    }
}
