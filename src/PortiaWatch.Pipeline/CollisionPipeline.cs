using System.Threading.Channels;
using PortiaWatch.Pipeline.Debouncing;
using PortiaWatch.Pipeline.Detection;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Striking;

namespace PortiaWatch.Pipeline;

/// <summary>
/// The whole flow, top to bottom: sources → LogRecord → detect → Sighting → debounce → Collision → enrich → Incident → decide → Verdict → act → Outcome,
/// with the history written before the action and after it.
/// Runs until every source has ended or <c>stop</c> is cancelled; then it drains, within <see cref="PipelineParts.DrainLimit"/> when it was told to stop.
/// </summary>
public sealed class CollisionPipeline(PipelineParts parts)
{
    // Every channel waits when full and so pushes back to the sources. A source that is re-read or has a buffer (kernel ring)
    // waits in turn; one that cannot drops and counts in its SourceReport. 64 records of at most 64 KiB keep the text in flight under 4 MiB.
    private readonly Channel<LogRecord> _records = Bounded<LogRecord>(64, manyWriters: true);
    private readonly Channel<Sighting> _sightings = Bounded<Sighting>(256);
    private readonly Channel<Collision> _collisions = Bounded<Collision>(256);
    private readonly Channel<Verdict> _decided = Bounded<Verdict>(64);
    private readonly Channel<Verdict> _verdicts = Bounded<Verdict>(64);
    private readonly Channel<Outcome> _outcomes = Bounded<Outcome>(256, manyWriters: true);

    // As many as the debounce keeps open: at the end they close all at once. Nobody can wait in its callback, so what finds no room is counted by the history.
    private readonly Channel<Collision> _closed = Bounded<Collision>(4096);

    /// <summary>One place that starts every stage and awaits them all. A stage that fails ends the flow with its error.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var acting = new CancellationTokenSource();
        await using CancellationTokenRegistration limit = stop.Register(() => acting.CancelAfter(parts.DrainLimit));
        var holdback = new Holdback(parts.Processes, parts.Striker, parts.Time, parts.Settings);
        var stages = new Stages(reading, [
            _records.Writer.TryComplete, _sightings.Writer.TryComplete, _collisions.Writer.TryComplete, _closed.Writer.TryComplete,
            _decided.Writer.TryComplete, _verdicts.Writer.TryComplete, _outcomes.Writer.TryComplete]);
        await Task.WhenAll(
            stages.RunAsync(() => Task.WhenAll(parts.Sources.Select(source => parts.Supervisor.RunAsync(source, _records.Writer, reading.Token))), _records.Writer.TryComplete),
            stages.RunAsync(() => new DetectionLoop(parts.Detector, parts.Time).RunAsync(_records.Reader, _sightings.Writer), _sightings.Writer.TryComplete),
            stages.RunAsync(
                () => new DebounceLoop(parts.Debouncer, graded => holdback.MovedOn(graded.Id), Close) { OnSighting = parts.OnSighting, OnOpened = parts.OnCollision }.RunAsync(_sightings.Reader, _collisions.Writer),
                _collisions.Writer.TryComplete,
                _closed.Writer.TryComplete),
            stages.RunAsync(() => EnrichAndDecideAsync(acting.Token), _decided.Writer.TryComplete),
            stages.RunAsync(BeginAsync, _verdicts.Writer.TryComplete),
            stages.RunAsync(() => ActAsync(holdback, acting.Token), _outcomes.Writer.TryComplete),
            stages.RunAsync(CompleteAsync),
            stages.RunAsync(RecountAsync));
    }

    private async Task EnrichAndDecideAsync(CancellationToken cancellation)
    {
        var decision = new Decision(parts.Enricher, parts.Settings, parts.Time);
        int abandoned = 0;
        await foreach (Collision collision in _collisions.Reader.ReadAllAsync(CancellationToken.None))
        {
            if (cancellation.IsCancellationRequested)
                abandoned++;
            else if (decision.Take(collision) is { } verdict)
                await _decided.Writer.WriteAsync(verdict, CancellationToken.None);
        }

        if (abandoned > 0)
            parts.OnAbandoned(abandoned);
    }

    /// <summary>No action without its entry in the history: whatever waits is written in one transaction, and only then goes on.</summary>
    private async Task BeginAsync()
    {
        await foreach (IReadOnlyList<Verdict> waiting in _decided.Reader.ReadBatchesAsync())
        {
            parts.History?.Begin(waiting);
            foreach (Verdict verdict in waiting)
            {
                parts.OnVerdict(verdict);
                await _verdicts.Writer.WriteAsync(verdict);
            }
        }
    }

    /// <summary>Questions wait for people and strikes wait for exits, so verdicts are carried out side by side, a bounded number at a time.</summary>
    private async Task ActAsync(Holdback holdback, CancellationToken cancellation)
    {
        await using RespawnWatch? respawns = parts.Sockets is { } sockets
            ? new RespawnWatch(sockets, parts.Processes, parts.Time, again => _outcomes.Writer.WriteAsync(again, CancellationToken.None))
            : null;
        await Parallel.ForEachAsync(
            _verdicts.Reader.ReadAllAsync(CancellationToken.None),
            new ParallelOptions { MaxDegreeOfParallelism = parts.MostActionsAtOnce, CancellationToken = CancellationToken.None },
            async (verdict, _) =>
            {
                Outcome outcome = await holdback.AwaitAsync(verdict, cancellation) ?? await parts.Policies.ApplyAsync(verdict, cancellation);
                await _outcomes.Writer.WriteAsync(outcome, CancellationToken.None);
                respawns?.Follow(outcome);
            });
    }

    private async Task CompleteAsync()
    {
        await foreach (IReadOnlyList<Outcome> waiting in _outcomes.Reader.ReadBatchesAsync())
        {
            parts.History?.Complete(waiting);
            foreach (Outcome outcome in waiting)
                parts.OnOutcome(outcome);
        }
    }

    private void Close(Collision collision)
    {
        parts.OnClosed(collision);
        if (!_closed.Writer.TryWrite(collision))
            parts.History?.Miss(collision);
    }

    private async Task RecountAsync()
    {
        await foreach (IReadOnlyList<Collision> waiting in _closed.Reader.ReadBatchesAsync())
            parts.History?.Recount(waiting);
    }

    private static Channel<T> Bounded<T>(int capacity, bool manyWriters = false) => Channel.CreateBounded<T>(
        new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true, SingleWriter = !manyWriters });
}
