using System.Buffers.Binary;
using System.Net;
using PortiaWatch.Linux.Ebpf;
using PortiaWatch.Linux.Processes;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Tests.Ebpf;

public sealed class EventReadingTests
{
    private static readonly NamespaceView s_host = new(0xEFFFFFFC, 4026531840, IsProcOurs: true);

    private readonly EventReading _reading;
    private int _looks;

    public EventReadingTests() => _reading = new EventReading(new ContenderReader(s_host, Look, _ => "dev", TimeProvider.System), TimeProvider.System);

    [Fact]
    public void Reading_TryingAgainAndAgain_IsReadOnceASecondAndToldEachTime()
    {
        List<LogRecord> records = [];
        for (int milliseconds = 0; milliseconds < 1500; milliseconds += 10)
        {
            byte[] bytes = At(milliseconds);
            SomeEvent.Put(bytes, EventLayout.Thread, (uint)(4121 + milliseconds));
            SomeEvent.Put(bytes, EventLayout.Inode, (uint)(99 + milliseconds));
            records.Add(Tell(bytes));
        }

        Assert.Equal(2, _looks);
        Assert.All(records, record => Assert.Equal(3000, record.Reported?.Port));
    }

    [Theory]
    [InlineData(EventLayout.Uid)]
    [InlineData(EventLayout.Process)]
    [InlineData(EventLayout.Started)]
    [InlineData(EventLayout.NetworkNamespace)]
    [InlineData(EventLayout.Command)]
    [InlineData(EventLayout.HeadBytes + 4)]
    [InlineData(EventLayout.HeadBytes + 16)]
    public void Reading_AnythingElseDiffers_IsNews(int offset)
    {
        Tell(At(0));
        byte[] other = At(1);
        other[offset] ^= 1;
        Tell(other);

        Assert.Equal(2, _looks);
    }

    [Fact]
    public void Reading_AnotherPort_IsNews()
    {
        Tell(At(0));
        byte[] bytes = SomeEvent.Bytes(SomeEvent.Inet(IPAddress.Loopback, 3001));

        Assert.Equal(3001, Tell(bytes).Reported?.Port);
    }

    [Fact]
    public void Reading_HurriedStorm_IsReadOnceToo()
    {
        LogRecord first = Assert.Single(Told(At(0), hurried: true));

        Assert.Equal(0, _looks);
        Assert.Same(first.Sender, Assert.Single(Told(At(1), hurried: true)).Sender);
    }

    [Fact]
    public void Reading_Listening_IsNotTold() =>
        Assert.Empty(Told(SomeEvent.Bytes(address: [], command: "", kind: KernelEventKind.Listening)));

    [Fact]
    public void Reading_ListeningAfterARepeatedRefusal_IsSoft()
    {
        Tell(At(0));
        Tell(At(500));
        byte[] listening = SomeEvent.Bytes(address: [], command: "", kind: KernelEventKind.Listening);
        BinaryPrimitives.WriteUInt64LittleEndian(listening, 82_400_000_000);

        Assert.Equal(SightingKind.Soft, Tell(listening).ReportedKind);
    }

    // The ring is large and counts what it drops; the channel behind it is small.
    [Fact]
    public void Source_WaitsForRoom() => Assert.True(new KernelSource(new ProcessTable(TimeProvider.System), TimeProvider.System).CanWait);

    [Theory]
    [InlineData(0)]
    [InlineData(EventLayout.HeadBytes - 1)]
    public void Reading_ShortRecord_IsIgnored(int length) => Assert.Empty(Told(At(0)[..length]));

    [Fact]
    public void Reading_Rehearsal_TakesTheWholeWay()
    {
        EventReading.Rehearse(_reading);

        Assert.Equal(1, _looks);
    }

    private static byte[] At(int milliseconds)
    {
        byte[] bytes = SomeEvent.Bytes();
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, 80_000_000_000 + ((ulong)milliseconds * 1_000_000));
        return bytes;
    }

    private LogRecord Tell(byte[] bytes) => Assert.Single(Told(bytes));

    private List<LogRecord> Told(byte[] bytes, bool hurried = false)
    {
        List<LogRecord> told = [];
        _reading.Tell(bytes, hurried, told);
        return told;
    }

    private Glimpse Look(int pid, int? parent)
    {
        _looks++;
        return new Glimpse { Folder = "/home/me/shop" };
    }
}
