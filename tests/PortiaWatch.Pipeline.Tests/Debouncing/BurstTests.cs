using System.Reactive.Concurrency;
using System.Reactive.Subjects;
using PortiaWatch.Pipeline.Debouncing;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Pipeline.Tests.Debouncing;

/// <summary>What a window keeps of its sightings, and which of them it takes for its own.</summary>
public sealed class BurstTests : IDisposable
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    private readonly HistoricalScheduler _scheduler = new(Some.Noon);
    private readonly Subject<Sighting> _sightings = new();
    private readonly List<Collision> _collisions = [];
    private IDisposable? _subscription;
    private bool _isCompleted;

    public void Dispose()
    {
        _subscription?.Dispose();
        _sightings.Dispose();
    }

    [Theory]
    [InlineData(4121, 4122)]
    [InlineData(4121, 4122, 4123)]
    [InlineData(4121, 4122, 4123, 4124)]
    [InlineData(4121, 4122, 4121)]
    public void Debouncer_FirstOfSeveralMovesOn_SaysNothingOfTheOthers(params int[] refused)
    {
        Start();
        foreach (int pid in refused)
            Take(Kernel(pid));

        Take(Kernel(4121), SightingKind.Soft);

        Assert.DoesNotContain(_collisions, c => c.Phase == CollisionPhase.Graded);
    }

    [Fact]
    public void Debouncer_SomebodyWhoWasNotRefusedMovesOn_SaysNothingOfTheOneThatWas()
    {
        Start();
        Take(Kernel(4121));

        Take(Kernel(4122), SightingKind.Soft);

        Assert.DoesNotContain(_collisions, c => c.Phase == CollisionPhase.Graded);
    }

    [Theory]
    [InlineData(null, 1)]
    [InlineData(4121, 1)]
    [InlineData(4122, 2)]
    public void Debouncer_LateTextAfterTheKernelSawItGotOver_IsARepeatUnlessAnotherProcessWroteIt(int? pid, int expected)
    {
        Start();
        Take(Kernel(4121));
        Take(Kernel(4121), SightingKind.Soft);

        Take(Some.Record(trust: Trust.System, sender: pid is { } number ? Some.Sender(number) : null));

        Assert.Equal(expected, _collisions.Count(c => c.Phase == CollisionPhase.Opened));
    }

    [Fact]
    public void Debouncer_PortCameInASecondMessage_TextOfThatPortIsARepeat()
    {
        Start();
        LogRecord record = Some.Record(sender: Some.Sender());
        Take(record, endpoint: new Endpoint());
        Take(record, endpoint: Some.Tcp(5432));

        Take(Some.Record(trust: Trust.Text, source: "file"), endpoint: Some.Tcp(5432));

        Assert.Equal([CollisionPhase.Opened, CollisionPhase.Improved], _collisions.Select(c => c.Phase));
    }

    [Fact]
    public void Debouncer_PortCameInASecondMessage_TheNextFailureAfterTheWindowIsNew()
    {
        Start();
        LogRecord record = Some.Record(sender: Some.Sender());
        Take(record, endpoint: new Endpoint());
        Take(record, endpoint: Some.Tcp(5432));
        _scheduler.AdvanceBy(Window);

        Take(record, endpoint: Some.Tcp(5432));
        Take(record, endpoint: new Endpoint());

        Assert.Equal(2, _collisions.Count(c => c.Phase == CollisionPhase.Opened));
    }

    [Fact]
    public void Debouncer_RepeatsOutOfOrder_KeepTheLatestTimeAndTheFirstEvidence()
    {
        Start();
        Take(Some.Record(sender: Some.Sender(4121)));
        Take(Some.Record(sender: Some.Sender(4122), at: Some.Noon.AddSeconds(3)));
        Take(Some.Record(sender: Some.Sender(4123), at: Some.Noon.AddSeconds(1)));
        _sightings.OnCompleted();

        Collision closed = _collisions[^1];
        Assert.Equal((Some.Noon, Some.Noon.AddSeconds(3), 3), (closed.First, closed.Last, closed.Count));
        Assert.Equal(4121, closed.Evidence.Record.Sender?.Pid);
    }

    [Fact]
    public void Debouncer_ManySources_AreNamedOnceAndSixteenAtMost()
    {
        Start();
        for (int i = 0; i < 40; i++)
            Take(Some.Record(source: $"file {i % 20}"));
        _sightings.OnCompleted();

        Assert.Equal(Enumerable.Range(0, 16).Select(i => $"file {i}"), _collisions[^1].Sources);
    }

    [Fact]
    public void Debouncer_AsManyOpenAsItMay_ClosesTheOldestForTheNext()
    {
        Start(mostOpen: 2);
        Take(Some.Record(), endpoint: Some.Tcp(1));
        Take(Some.Record(), endpoint: Some.Tcp(1));
        Take(Some.Record(), endpoint: Some.Tcp(2));
        Assert.DoesNotContain(_collisions, c => c.Phase == CollisionPhase.Closed);

        Take(Some.Record(), endpoint: Some.Tcp(3));

        Assert.Equal((CollisionPhase.Closed, 1), (_collisions[2].Phase, _collisions[2].Endpoint.Port));
    }

    [Fact]
    public void Debouncer_InputEnds_EndsTheOutputAfterItsLastWord()
    {
        Start();
        Take(Some.Record());
        Take(Some.Record());

        _sightings.OnCompleted();

        Assert.True(_isCompleted);
        Assert.Equal(CollisionPhase.Closed, _collisions[^1].Phase);
    }

    [Fact]
    public void Debouncer_OneWindow_WakesUpOnceForItsEnd()
    {
        var scheduler = new HastyScheduler(_scheduler);
        _subscription = new Debouncer(Window, scheduler).Debounce(_sightings).Subscribe(_collisions.Add);
        Take(Some.Record());
        Take(Some.Record());

        _scheduler.AdvanceBy(Window * 2);

        Assert.Equal((1, CollisionPhase.Closed), (scheduler.Timers, _collisions[^1].Phase));
    }

    private static LogRecord Kernel(int pid) => Some.Record(trust: Trust.Kernel, source: "kernel", sender: Some.Sender(pid));

    private void Take(LogRecord record, SightingKind kind = SightingKind.Collision, Endpoint? endpoint = null) =>
        _sightings.OnNext(Some.Sighting(record, endpoint, kind));

    private void Start(int mostOpen = 4096) =>
        _subscription = new Debouncer(Window, _scheduler, mostOpen).Debounce(_sightings).Subscribe(_collisions.Add, () => _isCompleted = true);
}
