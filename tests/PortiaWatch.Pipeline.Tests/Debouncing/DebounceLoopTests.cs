using System.Reactive.Concurrency;
using System.Threading.Channels;
using PortiaWatch.Pipeline.Debouncing;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Pipeline.Tests.Debouncing;

public sealed class DebounceLoopTests
{
    private readonly Debouncer _debouncer = new(TimeSpan.FromSeconds(5), new HistoricalScheduler(Some.Noon));
    private readonly Channel<Sighting> _sightings = Channel.CreateBounded<Sighting>(16);
    private readonly List<Sighting> _seen = [];
    private readonly List<Collision> _opened = [];
    private readonly List<Collision> _closed = [];

    [Fact]
    public async Task Run_Burst_TellsEverySightingOneOpeningAndTheEnd()
    {
        Collision[] decided = await RunAsync(isNews: true, Some.Sighting(), Some.Sighting(), Some.Sighting());

        Assert.Equal((3, 1, 1), (_seen.Count, _opened.Count, _closed.Count));
        Assert.Equal(CollisionPhase.Opened, Assert.Single(decided).Phase);
        Assert.Equal(3, _closed[0].Count);
    }

    [Theory]
    [InlineData(true, new[] { CollisionPhase.Opened, CollisionPhase.Graded })]
    [InlineData(false, new[] { CollisionPhase.Opened })]
    public async Task Run_ServesElsewhere_IsDecidedOnlyWhenItIsNews(bool isNews, CollisionPhase[] expected)
    {
        LogRecord record = Some.Record(trust: Trust.Kernel, source: "kernel", sender: Some.Sender());

        Collision[] decided = await RunAsync(isNews, Some.Sighting(record), Some.Sighting(record, kind: SightingKind.Soft));

        Assert.Equal(expected, decided.Select(collision => collision.Phase));
        Assert.Single(_opened);
    }

    [Fact]
    public async Task Run_NoRoomForMore_WaitsAndLosesNone()
    {
        Sighting[] sightings = [.. Enumerable.Range(3000, 8).Select(port => Some.Sighting(endpoint: Some.Tcp(port)))];

        Collision[] decided = await RunAsync(isNews: true, sightings);

        Assert.Equal(Enumerable.Range(3000, 8), decided.Select(collision => collision.Endpoint.Port!.Value));
    }

    private async Task<Collision[]> RunAsync(bool isNews, params Sighting[] sightings)
    {
        foreach (Sighting sighting in sightings)
            await _sightings.Writer.WriteAsync(sighting);
        _sightings.Writer.Complete();
        Channel<Collision> collisions = Channel.CreateBounded<Collision>(1);
        var loop = new DebounceLoop(_debouncer, _ => isNews, _closed.Add) { OnSighting = _seen.Add, OnOpened = _opened.Add };
        Task run = loop.RunAsync(_sightings.Reader, collisions.Writer);
        Task<Collision[]> reading = collisions.Reader.ReadAllAsync().ToArrayAsync().AsTask();
        await run.WaitAsync(TimeSpan.FromSeconds(20));
        collisions.Writer.Complete();
        return await reading;
    }
}
