using System.Reactive.Subjects;
using Microsoft.Data.Sqlite;
using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Debouncing;
using PortiaWatch.Pipeline.Detection;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.History;
using PortiaWatch.Pipeline.Striking;
using PortiaWatch.Pipeline.Tests.History;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Pipeline.Tests.Storms;

/// <summary>The clock on the wall is set by an hour, forward or back, as a laptop's is that asks for the time after it woke.</summary>
public sealed class ClockJumpTests
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);

    private readonly ManualTimeProvider _time = new();

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void Debouncer_ClockJumps_ClosesItsWindowInTimeAndHearsTheNextFailure(int hours)
    {
        var scheduler = new JumpingScheduler(Some.Noon);
        using var sightings = new Subject<Sighting>();
        var phases = new List<CollisionPhase>();
        using IDisposable subscription = new Debouncer(Window, scheduler).Debounce(sightings).Subscribe(collision => phases.Add(collision.Phase));
        sightings.OnNext(Some.Sighting());

        scheduler.Jump(TimeSpan.FromHours(hours));
        sightings.OnNext(Some.Sighting());
        Assert.Equal([CollisionPhase.Opened], phases);
        scheduler.AdvanceBy(Window);
        sightings.OnNext(Some.Sighting());

        Assert.Equal([CollisionPhase.Opened, CollisionPhase.Closed, CollisionPhase.Opened], phases);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void Detector_ClockJumps_ClosesTheBlockThatIsOpen(int hours)
    {
        var detector = new Detector { TellsEarly = false };
        var found = new List<Sighting>();
        detector.Detect(Some.Record("listen tcp 127.0.0.1:3000: bind: address already in use\n", Trust.Text, "file"), found);
        Assert.Empty(found);

        detector.Flush(Some.Noon + TimeSpan.FromHours(hours), found);

        Assert.Single(found);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void Budget_ClockJumps_NeitherForgivesNorHoldsForLonger(int hours)
    {
        var settings = new StrikeSettings { BudgetStrikes = 2, BudgetWindow = TimeSpan.FromMinutes(1) };
        var budget = new StrikeBudget(_time);
        budget.Book("Tcp/3000", "node", settings);
        budget.Book("Tcp/3000", "node", settings);

        _time.Jump(TimeSpan.FromHours(hours));

        Assert.Equal(_time.GetUtcNow() + settings.BudgetWindow, budget.Refusal("Tcp/3000", settings)?.Until);
        _time.Advance(settings.BudgetWindow);
        Assert.Null(budget.Refusal("Tcp/3000", settings));
    }

    [Fact]
    public void History_ClockIsPutBackDuringItsPause_IsTriedAgainInTime()
    {
        using var folder = new HistoryFolder();
        using IncidentHistory history = folder.As(10);
        history.Begin([HistoryFolder.Verdict("c1")]);
        using (SqliteConnection other = folder.Connect())
        using (other.BeginTransaction(deferred: false))
            history.Begin([HistoryFolder.Verdict("c2")]);

        folder.Time.Jump(TimeSpan.FromHours(-1));
        folder.Time.Advance(TimeSpan.FromSeconds(10));
        history.Begin([HistoryFolder.Verdict("c3")]);

        Assert.Equal(["c1", "c3"], folder.Read().Select(entry => entry.Id).Order());
    }
}
