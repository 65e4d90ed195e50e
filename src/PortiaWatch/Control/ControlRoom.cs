using PortiaWatch.Daemon;
using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.History;
using PortiaWatch.Pipeline.Policies;
using PortiaWatch.Pipeline.Sources;
using PortiaWatch.Telemetry;
using Serilog;

namespace PortiaWatch.Control;

/// <summary>Where the running watcher can be asked and told: the seat, the desks behind the socket, and the source that runtime hooks report to.</summary>
internal sealed class ControlRoom : IAsyncDisposable
{
    private readonly WatcherSeat _seat;
    private readonly Composition _composition;
    private readonly WatchOptions _options;
    private readonly ControlHello _hello;
    private readonly NamedCounts _refused = new();
    private ControlServer? _server;

    private ControlRoom(WatcherSeat seat, Composition composition, WatchOptions options, DateTimeOffset now)
    {
        _seat = seat;
        _composition = composition;
        _options = options;
        _hello = new ControlHello(ControlHello.CurrentSchema, Build.Version, Environment.ProcessId, now);
        if (composition.Settings.Sources.Hooks != Toggle.Off)
            Hooks = new HookSource(composition.Platform.Processes, TimeProvider.System);
    }

    /// <summary>Null when the configuration turns them off.</summary>
    public HookSource? Hooks { get; }

    /// <summary>Takes the seat of the user's one watcher; null, with a warning, where there can be no socket: watching matters more.</summary>
    /// <exception cref="UsageException">Another watcher has it.</exception>
    public static ControlRoom? Open(Composition composition, WatchOptions options, ILogger log)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        try
        {
            return new ControlRoom(WatcherSeat.Take(composition.Platform, now), composition, options, now);
        }
        catch (ControlUnavailableException reason)
        {
            log.Warning("no control socket, so status, tail and hooks cannot reach this watcher: {Reason}", reason.Message);
            return null;
        }
    }

    public void Start(SourceSupervisor supervisor, WatchCounters counters, Broadcast broadcast, WatchMetrics metrics, IncidentHistory history, QuestionBook questions, ILogger log)
    {
        var desks = new Dictionary<string, Func<ControlRequest, ControlConnection, CancellationToken, Task>>(StringComparer.Ordinal)
        {
            [ControlRequest.Status] = new StatusDesk(_composition, _options, supervisor, counters, metrics, broadcast, history, _refused, _hello, TimeProvider.System).AnswerAsync,
            [ControlRequest.Tail] = new TailDesk(broadcast, _hello).AnswerAsync,
            [ControlRequest.Metrics] = new MetricsDesk(metrics).AnswerAsync,
            [ControlRequest.Leave] = new LeaveDesk(_composition, history, questions, broadcast, log).AnswerAsync,
            [ControlRequest.Free] = new FreeDesk(_composition, _options, counters, log).AnswerAsync,
        };
        if (Hooks is { } hooks)
        {
            HookDesk.WarmUp(hooks, _composition.Platform.Processes.Self, _composition.Platform.Processes.CurrentUser);
            desks[ControlRequest.Hook] = new HookDesk(hooks, _refused).AnswerAsync;
        }

        _server = new ControlServer(_seat.Listener, _composition.Platform, desks, _refused, log);
        _server.Start();
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is { } server)
            await server.DisposeAsync();
        _seat.Dispose();
    }
}
