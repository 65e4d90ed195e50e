using System.Reactive.Concurrency;
using PortiaWatch.Control;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Debouncing;
using PortiaWatch.Pipeline.Detection;
using PortiaWatch.Pipeline.History;
using PortiaWatch.Pipeline.Policies;
using PortiaWatch.Pipeline.Sources;
using PortiaWatch.Rendering;
using PortiaWatch.Telemetry;
using Serilog;

namespace PortiaWatch.Daemon;

/// <summary>Puts the watcher together, runs it, and says how it ended.</summary>
internal sealed class WatchHost(Composition composition, Terminal terminal, WatchOptions options)
{
    /// <summary>What a test changes in the parts before the flow is put together of them. No option, variable or file leads here.</summary>
    public Func<PipelineParts, PipelineParts> Refit { get; init; } = static parts => parts;

    /// <summary>0 when every source ended for good or the user stopped it; 2 when no source could be read; 3 when the one asked for needs more rights.</summary>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        using var watchLog = new WatchLog(composition.Settings.Log, options.IsVerbose, terminal.IsPlain, JournalStream.IsStandardError(composition.Platform.FileIdentity));
        ILogger log = watchLog.Logger;
        await using ControlRoom? control = SourceChoice.IsOneOff(options.Sources) ? null : ControlRoom.Open(composition, options, log);
        IReadOnlyList<ILogSource> sources = SourceChoice.Choose(composition.Platform, composition.Settings.Sources, options.Sources, control?.Hooks);
        if (sources.Count == 0)
            throw new UsageException(NoSource);
        using IncidentHistory history = composition.NewHistory(log);
        var started = new SourceStarts(sources.Count);
        var supervisor = new SourceSupervisor(log, TimeProvider.System) { OnChanged = started.Note };
        var counters = new WatchCounters();
        var broadcast = new Broadcast();
        var metrics = new WatchMetrics(supervisor, counters, broadcast, history, TimeProvider.System.GetUtcNow(), TimeProvider.System);
        await using Exports exports = Exports.Start(composition.Settings.Telemetry, composition.Platform, metrics, log);
        var questions = new QuestionBook(TimeProvider.System);
        control?.Start(supervisor, counters, broadcast, metrics, history, questions, log);
        var view = new WatchView(terminal, TimeProvider.System);
        var line = new PromptLine(terminal);
        using TerminalNotifier? prompt = TerminalNotifier.IsPossible ? new TerminalNotifier(terminal, line) : null;
        watchLog.Beside = line.Above;
        Action<Action> show = Console.IsOutputRedirected ? (write => write()) : line.Above;
        using var reload = new ConfigWatcher(composition.ConfigurationFile, composition.Settings, composition.Reload, result => Reloaded(result, watchLog), TimeProvider.System);
        reload.Start();
        SayHello(log, sources);
        var pipeline = new CollisionPipeline(Refit(new PipelineParts
        {
            Sources = sources,
            Supervisor = supervisor,
            Detector = new Detector(),
            Debouncer = new Debouncer(composition.Settings.DebounceWindow, TaskPoolScheduler.Default),
            Enricher = composition.NewEnricher(),
            Settings = () => composition.Settings,
            Policies = composition.Policies((INotifier?)prompt ?? composition.Platform.Notifier, () => composition.Settings, options.IsDryRun, log, questions),
            Processes = composition.Platform.Processes,
            Striker = composition.Platform.Striker,
            Sockets = composition.Platform.Sockets,
            Time = TimeProvider.System,
            History = history,
            OnSighting = _ => counters.CountSighting(),
            OnCollision = _ => counters.CountCollision(),
            OnVerdict = verdict =>
            {
                counters.CountIncident();
                metrics.Count(verdict);
                show(() => view.Show(verdict));
                broadcast.Tell(verdict, outcome: null);
            },
            OnOutcome = outcome =>
            {
                counters.Count(outcome);
                show(() => view.Show(outcome));
                broadcast.Tell(outcome.Verdict, outcome);
                exports.Tell(outcome);
            },
            OnClosed = closed => show(() => view.Show(closed)),
            OnAbandoned = count =>
            {
                counters.CountAbandoned(count);
                log.Warning("{Count} collisions were still waiting when the watcher was stopped; nothing was done about them", count);
            },
        }));
        ReadinessNotice notice = ReadinessNotice.FromEnvironment();
        await using CancellationTokenRegistration stopping = stop.Register(notice.Stopping);
        Task watching = pipeline.RunAsync(stop);
        await Task.WhenAny(watching, started.WaitAsync(TimeProvider.System));
        notice.Ready($"watching {string.Join(", ", sources.Select(source => source.Name))}");
        await watching;
        return stop.IsCancellationRequested ? ExitCode.Done : await ExitCodeAsync(supervisor.Reports);
    }

    private const string NoSource = "There is nothing to read. Pipe a program into it (some-server 2>&1 | portia watch --source stdin), "
        + "or name log files in the configuration under \"sources\": { \"files\": [...] }.";

    private void Reloaded(ConfigResult result, WatchLog watchLog)
    {
        ILogger log = watchLog.Logger;
        if (result.Settings is { } settings)
        {
            composition.Use(settings, result.Origin);
            watchLog.Use(settings.Log);
            log.Information("configuration reloaded from {Origin}: {Rules} rules; changed sources, debounce and telemetry count from the next start", result.Origin, settings.Rules.Count);
            return;
        }

        composition.Reject(result);
        foreach (ConfigError error in result.Errors)
            log.Error("{Error}", error.ToString());
        log.Warning("the configuration was not reloaded; the {Rules} rules in force stay", composition.Settings.Rules.Count);
    }

    private void SayHello(ILogger log, IReadOnlyList<ILogSource> sources)
    {
        log.Information("watching {Sources} with {Rules} rules from {Origin}{DryRun}", string.Join(", ", sources.Select(source => source.Name)), composition.Settings.Rules.Count, composition.Origin, options.IsDryRun ? " (dry run)" : "");
        foreach (string limit in composition.Platform.Capabilities.Limits.Values)
            log.Debug("{Limit}", limit);
    }

    private static async Task<int> ExitCodeAsync(IReadOnlyList<SourceReport> reports)
    {
        if (reports.Any(report => report.State != SourceState.Unavailable))
            return ExitCode.Done;
        if (reports.All(report => report.LacksPermission))
            return ExitCode.NotPermitted;
        await Console.Error.WriteLineAsync(NoSource);
        return ExitCode.Usage;
    }
}
