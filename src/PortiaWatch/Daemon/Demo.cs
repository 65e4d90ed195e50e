using System.Net;
using System.Net.Sockets;
using System.Reactive.Concurrency;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Debouncing;
using PortiaWatch.Pipeline.Detection;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Sources;
using PortiaWatch.Rendering;
using Serilog;
using Spectre.Console;
using Rule = PortiaWatch.Pipeline.Configuration.Rule;

namespace PortiaWatch.Daemon;

/// <summary>Two servers want one port; the real pipeline sees it, decides by a rule that frees the port, and the second server starts.</summary>
internal sealed class Demo(Composition composition, Terminal terminal)
{
    /// <summary>0 when the port was freed and the second server runs; 5 when not.</summary>
    public async Task<int> RunAsync(CancellationToken stop) => (await TryAsync(stop))?.Kind == OutcomeKind.Freed ? ExitCode.Done : ExitCode.StillHeld;

    /// <summary>What became of the collision; null when it was not seen, or when the second server was refused all the same.</summary>
    public async Task<Outcome?> TryAsync(CancellationToken stop)
    {
        int port = FreePort();
        await using DemoServer holder = DemoServer.Start(port);
        if (!await holder.IsListeningAsync(stop))
            throw new UsageException($"The demo's first server could not listen on 127.0.0.1:{port}. Try again.");
        Say($"1  A server listens on 127.0.0.1:{port} (pid {holder.Pid}).");

        Outcome? outcome;
        await using (DemoServer refused = DemoServer.Start(port))
        {
            Say($"2  A second one wants the same port (pid {refused.Pid}).");
            outcome = await WatchAsync(refused, port, stop);
        }

        await using DemoServer again = DemoServer.Start(port);
        bool isRunning = await again.IsListeningAsync(stop);
        Say(isRunning ? $"3  The second server, started again, listens on 127.0.0.1:{port}." : "3  The second server was refused again.");
        return isRunning ? outcome : null;
    }

    private async Task<Outcome?> WatchAsync(DemoServer refused, int port, CancellationToken stop)
    {
        Outcome? last = null;
        var view = new WatchView(terminal, TimeProvider.System);
        using Serilog.Core.Logger silent = new LoggerConfiguration().CreateLogger();
        Settings settings = RuleFor(port);
        await new CollisionPipeline(new PipelineParts
        {
            Sources = [new DemoSource(refused, composition.Platform.Processes, TimeProvider.System)],
            Supervisor = new SourceSupervisor(silent, TimeProvider.System),
            Detector = new Detector(),
            Debouncer = new Debouncer(settings.DebounceWindow, TaskPoolScheduler.Default),
            Enricher = composition.NewEnricher(),
            Settings = () => settings,
            Policies = composition.Policies(composition.Platform.Notifier, () => settings, isDryRun: false, silent),
            Processes = composition.Platform.Processes,
            Striker = composition.Platform.Striker,
            Time = TimeProvider.System,
            OnVerdict = view.Show,
            OnOutcome = outcome =>
            {
                last = outcome;
                view.Show(outcome);
            },
        }).RunAsync(stop);
        return last;
    }

    private static Settings RuleFor(int port) => Settings.Default with
    {
        Rules = [new Rule { Name = "the demo's own port", Ports = [new PortRange(port, port)], Action = RuleAction.Kill }, Rule.Last],
        Protect = new ProtectSettings(),
    };

    private void Say(string text)
    {
        if (!terminal.IsJson)
            terminal.Answers.Write(new Text(text + "\n"));
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
