using System.Reactive.Concurrency;
using System.Reactive.Subjects;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Debouncing;
using PortiaWatch.Pipeline.Detection;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Policies;
using PortiaWatch.Rendering;
using PortiaWatch.Verbs;
using Serilog;
using Spectre.Console;

namespace PortiaWatch.Daemon;

/// <summary>
/// The watcher's own stages, one record after the other and in the recorded time, so that the same file always gives the same collisions. Both sides are looked up as they are
/// now. The rules decide as ever, what they decide ends before the deed, and nothing is remembered.
/// </summary>
internal sealed class Replay(Composition composition, Terminal terminal, TimeProvider time)
{
    private readonly WatchView _view = new(terminal, time);
    private readonly SortedDictionary<string, int> _decided = new(StringComparer.Ordinal);

    /// <summary>0 when there were incidents, 1 when there were none.</summary>
    public async Task<int> RunAsync(IReadOnlyList<string> files, LogFormat format, CancellationToken cancellation)
    {
        using Serilog.Core.Logger silent = new LoggerConfiguration().CreateLogger();
        PolicyDispatcher policies = composition.Policies(composition.Platform.Notifier, () => composition.Settings, isDryRun: true, silent);
        var decision = new Decision(composition.NewEnricher(), () => composition.Settings, time);
        var recorded = new HistoricalScheduler();
        using var input = new Subject<Sighting>();
        var waiting = new Queue<Collision>();
        using IDisposable output = new Debouncer(composition.Settings.DebounceWindow, recorded).Debounce(input).Subscribe(waiting.Enqueue);
        foreach (string file in files)
        {
            foreach (Sighting sighting in Read(file, format))
            {
                cancellation.ThrowIfCancellationRequested();

                // Logs of several programs are not in order; time that was reached stays reached.
                if (sighting.Record.Time > recorded.Clock)
                    recorded.AdvanceTo(sighting.Record.Time);
                input.OnNext(sighting);
                await DecideAsync(waiting, decision, policies, cancellation);
            }
        }

        input.OnCompleted();
        await DecideAsync(waiting, decision, policies, cancellation);
        return Conclude();
    }

    private IEnumerable<Sighting> Read(string file, LogFormat format)
    {
        using ScanInput input = ScanInput.Open(file);
        using var reader = new ScanReader(new Detector { TellsEarly = false, Format = format }, input.Name);
        var found = new List<Sighting>();
        for (bool goesOn = true; goesOn;)
        {
            goesOn = reader.Read(input.Text, found);
            DateTimeOffset now = time.GetUtcNow();

            // What the log gives no time for may have been written this moment.
            foreach (Sighting sighting in found)
                yield return sighting with { Record = sighting.Record with { Text = default, Time = sighting.Record.Time == default ? now : sighting.Record.Time, ReadAt = now } };
            found.Clear();
        }
    }

    private async Task DecideAsync(Queue<Collision> waiting, Decision decision, PolicyDispatcher policies, CancellationToken cancellation)
    {
        while (waiting.TryDequeue(out Collision? collision))
        {
            if (collision.Phase == CollisionPhase.Closed)
            {
                _view.Show(collision);
            }
            else if (decision.Take(collision) is { } verdict)
            {
                string action = verdict.IsReduced ? $"{Lower(verdict.Action)} where the rule says {Lower(verdict.Rule.Action)}" : Lower(verdict.Action);
                _decided[action] = _decided.GetValueOrDefault(action) + 1;
                _view.Show(verdict);
                _view.Show(await policies.ApplyAsync(verdict, cancellation));
            }
        }
    }

    private static string Lower(RuleAction action) => action.ToString().ToLowerInvariant();

    private int Conclude()
    {
        if (_decided.Count == 0)
        {
            terminal.Messages.Write(new Text("No collision found.\n"));
            return ExitCode.No;
        }

        if (!terminal.IsJson)
            terminal.Answers.Write(new Text($"\nIn all {StatsWords.Count(_decided.Values.Sum(), "decision")}: {string.Join(", ", _decided.Select(d => $"{d.Value} {d.Key}"))}. This was a dry run; nothing was done.\n"));
        return ExitCode.Done;
    }
}
