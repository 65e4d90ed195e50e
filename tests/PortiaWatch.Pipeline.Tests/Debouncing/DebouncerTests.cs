using System.Reactive.Concurrency;
using System.Reactive.Subjects;
using PortiaWatch.Pipeline.Debouncing;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Pipeline.Tests.Debouncing;

public sealed class DebouncerTests : IDisposable
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    private readonly HistoricalScheduler _scheduler = new(Some.Noon);
    private readonly Subject<Sighting> _sightings = new();
    private readonly List<Collision> _collisions = [];
    private IDisposable? _subscription;

    public void Dispose()
    {
        _subscription?.Dispose();
        _sightings.Dispose();
    }

    [Fact]
    public void Debouncer_FirstOfABurst_GoesOnAtOnce()
    {
        Start();

        _sightings.OnNext(Some.Sighting());

        Collision collision = Assert.Single(_collisions);
        Assert.Equal(CollisionPhase.Opened, collision.Phase);
        Assert.Equal(1, collision.Count);
    }

    [Fact]
    public void Debouncer_RepeatsInsideTheWindow_OnlyCount()
    {
        Start();

        for (int i = 0; i < 5000; i++)
            _sightings.OnNext(Some.Sighting());
        Assert.Single(_collisions);
        _scheduler.AdvanceBy(Window);

        Assert.Equal(2, _collisions.Count);
        Assert.Equal(CollisionPhase.Closed, _collisions[1].Phase);
        Assert.Equal(5000, _collisions[1].Count);
        Assert.Equal(_collisions[0].Id, _collisions[1].Id);
    }

    [Fact]
    public void Debouncer_BusyKey_EmitsAgainInEachWindow()
    {
        Start();

        for (int second = 0; second < 60; second++)
        {
            _sightings.OnNext(Some.Sighting());
            _scheduler.AdvanceBy(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(12, _collisions.Count(c => c.Phase == CollisionPhase.Opened));
    }

    [Fact]
    public void Debouncer_SingleSighting_LeavesNoTimerBehindAfterTheWindow()
    {
        Start();
        _sightings.OnNext(Some.Sighting());
        _scheduler.AdvanceBy(Window);

        Assert.Single(_collisions);
        _scheduler.AdvanceBy(TimeSpan.FromDays(1));
        Assert.Single(_collisions);
    }

    [Theory]
    [InlineData("kernel", "hook", "journal")]
    [InlineData("hook", "kernel", "journal")]
    [InlineData("journal", "hook", "kernel")]
    public void Debouncer_HookKernelAndJournalInAnyOrder_MakeOneCollision(params string[] order)
    {
        Start();
        Sender sender = Some.Sender();
        foreach (string source in order)
        {
            Trust trust = source switch { "kernel" => Trust.Kernel, "hook" => Trust.Child, _ => Trust.System };
            _sightings.OnNext(Some.Sighting(Some.Record(trust: trust, source: source, sender: sender)));
        }

        Assert.Single(_collisions, collision => collision.Phase == CollisionPhase.Opened);
        _sightings.OnCompleted();
        Assert.Equal((3, Trust.Kernel), (_collisions[^1].Count, _collisions[^1].Evidence.Record.Trust));
        Assert.Equal(order, _collisions[^1].Sources);
    }

    [Fact]
    public void Debouncer_KernelThenJournal_MakeOneCollisionWithTheKernelsEvidence()
    {
        Start();
        Sender sender = Some.Sender();

        _sightings.OnNext(Some.Sighting(Some.Record(trust: Trust.Kernel, source: "kernel", sender: sender)));
        _sightings.OnNext(Some.Sighting(Some.Record(trust: Trust.System, source: "journal", sender: sender)));
        _sightings.OnCompleted();

        Assert.Equal([CollisionPhase.Opened, CollisionPhase.Closed], _collisions.Select(c => c.Phase));
        Assert.Equal(["kernel", "journal"], _collisions[1].Sources);
        Assert.Equal(Trust.Kernel, _collisions[1].Evidence.Record.Trust);
    }

    [Fact]
    public void Debouncer_RefusedThenServingElsewhere_IsGradedWithoutASecondCount()
    {
        Start();
        LogRecord record = Some.Record(trust: Trust.Kernel, source: "kernel", sender: Some.Sender());

        _sightings.OnNext(Some.Sighting(record));
        _sightings.OnNext(Some.Sighting(record, kind: SightingKind.Soft));
        _scheduler.AdvanceBy(Window);

        Assert.Equal([SightingKind.Collision, SightingKind.Soft, SightingKind.Soft], _collisions.Select(c => c.Evidence.Kind));
        Assert.Equal([CollisionPhase.Opened, CollisionPhase.Graded, CollisionPhase.Closed], _collisions.Select(c => c.Phase));
        Assert.Equal(1, _collisions[2].Count);
        Assert.Single(_collisions.DistinctBy(c => c.Id));
    }

    [Fact]
    public void Debouncer_TimerThatComesEarlyAndAtOnce_StillClosesEveryWindow()
    {
        _subscription = new Debouncer(Window, new HastyScheduler(_scheduler)).Debounce(_sightings).Subscribe(_collisions.Add);
        for (int i = 0; i < 8; i++)
        {
            // Twice each: only a window with news says that it closed.
            _sightings.OnNext(Some.Sighting(Some.Record(), Endpoint(3000 + i)));
            _sightings.OnNext(Some.Sighting(Some.Record(), Endpoint(3000 + i)));
            _scheduler.AdvanceBy(TimeSpan.FromMilliseconds(i % 2 == 0 ? 0.4 : 2.6));
        }

        _scheduler.AdvanceBy(Window * 3);

        Assert.Equal(8, _collisions.Count(c => c.Phase == CollisionPhase.Closed));
    }

    private static Endpoint Endpoint(int port) => new() { Address = "127.0.0.1", Port = port };

    [Fact]
    public void Debouncer_AnotherProgramOfTheSameNameMovesOn_SaysNothingOfTheOneThatIsStuck()
    {
        Start();
        LogRecord stuck = Some.Record(trust: Trust.Kernel, source: "kernel", sender: Some.Sender(4121));
        LogRecord moving = Some.Record(trust: Trust.Kernel, source: "kernel", sender: Some.Sender(4122));

        _sightings.OnNext(Some.Sighting(stuck));
        _sightings.OnNext(Some.Sighting(moving));
        _sightings.OnNext(Some.Sighting(moving, kind: SightingKind.Soft));

        Assert.DoesNotContain(_collisions, c => c.Phase == CollisionPhase.Graded);
    }

    [Theory]
    [InlineData(SightingKind.Soft)]
    [InlineData(SightingKind.Resolved)]
    public void Debouncer_FailureAfterOneThatWasGotOver_IsANewCollision(SightingKind before)
    {
        Start();
        LogRecord record = Some.Record(trust: Trust.Kernel, source: "kernel", sender: Some.Sender());
        if (before == SightingKind.Soft)
            _sightings.OnNext(Some.Sighting(record));
        _sightings.OnNext(Some.Sighting(record, kind: before));

        _sightings.OnNext(Some.Sighting(record));
        _sightings.OnNext(Some.Sighting(record));

        Collision[] opened = [.. _collisions.Where(c => c.Phase == CollisionPhase.Opened)];
        Assert.Equal(2, opened.Length);
        Assert.NotEqual(opened[0].Id, opened[1].Id);
        _sightings.OnNext(Some.Sighting(record, kind: SightingKind.Soft));
        Assert.Equal((CollisionPhase.Graded, opened[1].Id), (_collisions[^1].Phase, _collisions[^1].Id));
    }

    [Fact]
    public void Debouncer_LateTextOfAFailureThatTheKernelSawGotOver_IsARepeat()
    {
        Start();
        Sender sender = Some.Sender();
        LogRecord record = Some.Record(trust: Trust.Kernel, source: "kernel", sender: sender);
        _sightings.OnNext(Some.Sighting(record));
        _sightings.OnNext(Some.Sighting(record, kind: SightingKind.Soft));

        _sightings.OnNext(Some.Sighting(Some.Record(trust: Trust.System, sender: sender)));

        Assert.Single(_collisions, c => c.Phase == CollisionPhase.Opened);
    }

    [Fact]
    public void Debouncer_SameProgramOfTwoUsers_AreTwoCollisions()
    {
        Start();

        _sightings.OnNext(Some.Sighting(Some.Record(sender: Some.Sender(1000, uid: 1001))));
        _sightings.OnNext(Some.Sighting(Some.Record(sender: Some.Sender(1001, uid: 1000))));
        _sightings.OnNext(Some.Sighting(Some.Record(sender: Some.Sender(1002, uid: null))));

        Assert.Equal(2, _collisions.Count);
    }

    [Fact]
    public void Debouncer_ProgramsWithoutAPidHere_AreNotOne()
    {
        Start();

        _sightings.OnNext(Some.Sighting(Some.Record(sender: Some.Sender(0, "node"))));
        _sightings.OnNext(Some.Sighting(Some.Record(sender: Some.Sender(0, "python3"))));
        _sightings.OnNext(Some.Sighting(Some.Record(sender: Some.Sender(0, "ruby")), new Endpoint()));
        _sightings.OnNext(Some.Sighting(Some.Record(sender: Some.Sender(0, "php")), Some.Tcp(80)));

        Assert.Equal(4, _collisions.Count(c => c.Phase == CollisionPhase.Opened));
    }

    [Fact]
    public void Debouncer_ServingElsewhereAfterTheWindow_IsNoCollision()
    {
        Start();

        _sightings.OnNext(Some.Sighting(kind: SightingKind.Soft));
        _scheduler.AdvanceBy(Window);

        Assert.Empty(_collisions);
    }

    [Fact]
    public void Debouncer_SamePortInTwoNetworks_AreTwoCollisions()
    {
        Start();

        _sightings.OnNext(Some.Sighting(Some.Record(sender: Some.Sender() with { ForeignNetwork = 4026532300 })));
        _sightings.OnNext(Some.Sighting(Some.Record(sender: Some.Sender(pid: 4122))));

        Assert.Equal(2, _collisions.Count);
    }

    [Fact]
    public void Debouncer_TextThenJournal_IsImprovedOnceAndKeepsItsId()
    {
        Start();
        Sender sender = Some.Sender();

        _sightings.OnNext(Some.Sighting(Some.Record(trust: Trust.Text, source: "file")));
        _sightings.OnNext(Some.Sighting(Some.Record(trust: Trust.System, sender: sender)));
        _sightings.OnNext(Some.Sighting(Some.Record(trust: Trust.System, sender: sender)));

        Assert.Equal([CollisionPhase.Opened, CollisionPhase.Improved], _collisions.Select(c => c.Phase));
        Assert.Equal(_collisions[0].Id, _collisions[1].Id);
        Assert.Equal(4121, _collisions[1].Evidence.Record.Sender?.Pid);
    }

    [Fact]
    public void Debouncer_PortInASecondMessageOfTheSameProcess_Improves()
    {
        Start();
        LogRecord record = Some.Record(sender: Some.Sender());

        _sightings.OnNext(Some.Sighting(record, new Endpoint()));
        _sightings.OnNext(Some.Sighting(record, Some.Tcp(5432)));

        Assert.Equal([CollisionPhase.Opened, CollisionPhase.Improved], _collisions.Select(c => c.Phase));
        Assert.Equal(5432, _collisions[1].Endpoint.Port);
    }

    [Fact]
    public void Debouncer_MessageWithoutPortAfterTheOneWithIt_IsARepeat()
    {
        Start();
        LogRecord record = Some.Record(sender: Some.Sender());

        _sightings.OnNext(Some.Sighting(record, Some.Tcp(5432)));
        _sightings.OnNext(Some.Sighting(record, new Endpoint()));

        Assert.Equal(5432, Assert.Single(_collisions).Endpoint.Port);
    }

    [Fact]
    public void Debouncer_TwoProgramsOnOnePort_AreTwoCollisions()
    {
        Start();

        _sightings.OnNext(Some.Sighting(Some.Record(sender: Some.Sender(1000, "node"))));
        _sightings.OnNext(Some.Sighting(Some.Record(sender: Some.Sender(1001, "python3"))));

        Assert.Equal(2, _collisions.Count);
    }

    [Fact]
    public void Debouncer_UdpAndTcpOfOnePort_AreTwoCollisions()
    {
        Start();

        _sightings.OnNext(Some.Sighting(endpoint: Some.Tcp(53)));
        _sightings.OnNext(Some.Sighting(endpoint: new Endpoint { Transport = Transport.Udp, Port = 53 }));

        Assert.Equal(2, _collisions.Count);
    }

    [Fact]
    public void Debouncer_MoreKeysThanItMayKeepOpen_ClosesTheOldestAndMissesNone()
    {
        Start(mostOpen: 100);

        for (int port = 1; port <= 60_000; port++)
            _sightings.OnNext(Some.Sighting(Some.Record(), Some.Tcp(port)));

        Assert.Equal(60_000, _collisions.Count(c => c.Phase == CollisionPhase.Opened));

        // The oldest was closed early, so its next sighting opens it again; the newest still only counts.
        _collisions.Clear();
        _sightings.OnNext(Some.Sighting(Some.Record(), Some.Tcp(1)));
        _sightings.OnNext(Some.Sighting(Some.Record(), Some.Tcp(60_000)));
        Assert.Equal(1, Assert.Single(_collisions).Endpoint.Port);
    }

    private void Start(int mostOpen = 4096) =>
        _subscription = new Debouncer(Window, _scheduler, mostOpen).Debounce(_sightings).Subscribe(_collisions.Add);
}
