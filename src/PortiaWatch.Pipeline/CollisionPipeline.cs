using System.Reactive.Subjects;
using System.Threading.Channels;
using PortiaWatch.Pipeline.Detection;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Rules;
using PortiaWatch.Pipeline.Striking;

namespace PortiaWatch.Pipeline;

/// <summary>
/// The whole flow, top to bottom: sources → LogRecord → detect → Sighting → debounce → Collision → enrich → Incident → decide → Verdict → act → Outcome.
/// Runs until every source has ended or <c>stop</c> is cancelled; then it drains, within <see cref="PipelineParts.DrainLimit"/> when it was told to stop.
/// </summary>
public sealed class CollisionPipeline(PipelineParts parts)
{
    // Every channel waits when full and so pushes back to the sources. A source that is re-read or has a buffer (kernel ring)
    // waits in turn; one that cannot drops and counts in its SourceReport. 64 records of at most 64 KiB keep the text in flight under 4 MiB.
    private readonly Channel<LogRecord> _records = Bounded<LogRecord>(64, manyWriters: true);
    private readonly Channel<Sighting> _sightings = Bounded<Sighting>(256);
    private readonly Channel<Collision> _collisions = Bounded<Collision>(256);
    private readonly Channel<Verdict> _verdicts = Bounded<Verdict>(64);
    private readonly Channel<Outcome> _outcomes = Bounded<Outcome>(256, manyWriters: true);

    /// <summary>One place that starts every stage and awaits them all. A stage that fails ends the flow with its error.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var acting = new CancellationTokenSource();
        await using CancellationTokenRegistration limit = stop.Register(() => acting.CancelAfter(parts.DrainLimit));
        var holdback = new Holdback(parts.Processes, parts.Striker, parts.Time, parts.Settings);
        await Task.WhenAll(
            StageAsync(_records.Writer, () => Task.WhenAll(parts.Sources.Select(source => parts.Supervisor.RunAsync(source, _records.Writer, reading.Token)))),
            StageAsync(_sightings.Writer, DetectAsync),
            StageAsync(_collisions.Writer, () => DebounceAsync(holdback)),
            StageAsync(_verdicts.Writer, () => EnrichAndDecideAsync(acting.Token)),
            StageAsync(_outcomes.Writer, () => ActAsync(holdback, acting.Token)),
            StageAsync(_outcomes.Writer, RecordAsync));

        async Task StageAsync<T>(ChannelWriter<T> output, Func<Task> stage)
        {
            // A stage that finds work at once must not keep the next from beginning.
            await Task.Yield();
            try
            {
                await stage();
                output.TryComplete();
            }
            catch (Exception error)
            {
                // Neither the stages before may wait for room for ever, nor those after for input.
                await reading.CancelAsync();
                _ = _records.Writer.TryComplete(error) | _sightings.Writer.TryComplete(error) | _collisions.Writer.TryComplete(error)
                    | _verdicts.Writer.TryComplete(error) | _outcomes.Writer.TryComplete(error);
                throw;
            }
        }
    }

    private async Task DetectAsync()
    {
        var found = new List<Sighting>();
        var wait = new RecordWait(_records.Reader, parts.Time);
        while (await wait.NextAsync(parts.Detector.NextFlush))
        {
            while (_records.Reader.TryRead(out LogRecord? record))
            {
                parts.Detector.Detect(record, found);
                parts.Detector.Flush(parts.Time.GetUtcNow(), found);
                await PassOnAsync(found);
            }

            parts.Detector.Flush(parts.Time.GetUtcNow(), found);
            await PassOnAsync(found);
        }

        parts.Detector.Complete(found);
        await PassOnAsync(found);
    }

    private async Task PassOnAsync(List<Sighting> found)
    {
        foreach (Sighting sighting in found)
            await _sightings.Writer.WriteAsync(sighting);
        found.Clear();
    }

    private async Task DebounceAsync(Holdback holdback)
    {
        using var input = new Subject<Sighting>();
        using IDisposable output = parts.Debouncer.Debounce(input).Subscribe(collision =>
        {
            // One sighting opens or improves at most one collision, and room for it was awaited below.
            if (collision.Phase == CollisionPhase.Closed)
                parts.OnClosed(collision);
            else if (collision.Phase == CollisionPhase.Graded && !holdback.MovedOn(collision.Id))
                return;
            else if (!_collisions.Writer.TryWrite(collision))
                throw new InvalidOperationException("a collision was passed on without room for it");
        });
        await foreach (Sighting sighting in _sightings.Reader.ReadAllAsync())
        {
            await _collisions.Writer.WaitToWriteAsync();
            input.OnNext(sighting);
        }

        input.OnCompleted();
    }

    private async Task EnrichAndDecideAsync(CancellationToken cancellation)
    {
        var steps = new Escalation();
        int abandoned = 0;
        await foreach (Collision collision in _collisions.Reader.ReadAllAsync(CancellationToken.None))
        {
            if (cancellation.IsCancellationRequested)
            {
                abandoned++;
                continue;
            }

            Incident incident = parts.Enricher.Enrich(collision);
            Verdict verdict = RuleEngine.Decide(incident, parts.Settings(), parts.Time.GetUtcNow());
            if (!steps.Take(verdict))
                continue;
            parts.OnVerdict(verdict);
            await _verdicts.Writer.WriteAsync(verdict, CancellationToken.None);
        }

        if (abandoned > 0)
            parts.OnAbandoned(abandoned);
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

    private async Task RecordAsync()
    {
        await foreach (Outcome outcome in _outcomes.Reader.ReadAllAsync())
            parts.OnOutcome(outcome);
    }

    private static Channel<T> Bounded<T>(int capacity, bool manyWriters = false) => Channel.CreateBounded<T>(
        new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true, SingleWriter = !manyWriters });
}
