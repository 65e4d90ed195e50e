using System.Diagnostics;
using System.Globalization;
using System.Reactive.Concurrency;
using PortiaWatch.Darwin.Tests.Support;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Debouncing;
using PortiaWatch.Pipeline.Detection;
using PortiaWatch.Pipeline.Enrichment;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Policies;
using PortiaWatch.Pipeline.Sources;
using PortiaWatch.Pipeline.Striking;

namespace PortiaWatch.Darwin.Tests;

/// <summary>
/// The whole Darwin platform in the whole flow: real servers of this machine, seen through Darwin's byte layouts; a stand-in log that brings a recorded line; the token
/// call, NOTE_EXIT and the look at the freed port.
/// </summary>
[Collection(World.Collection)]
public sealed class EndToEndTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly World _world = new World().WithHost();
    private readonly StandInProgram _launchctl = new("launchctl", "test \"$1\" = managername && echo Aqua");
    private readonly List<Process> _started = [];

    public void Dispose()
    {
        foreach (Process process in _started)
        {
            if (!process.HasExited)
                _ = Darwin.Interop.libSystem.kill(process.Id, 9);
            process.Dispose();
        }

        _world.Dispose();
        _launchctl.Dispose();
    }

    [StandInFact]
    public async Task Watch_RuleKills_FreesThePortOfTheRealHolderByToken()
    {
        (Process server, int port) = StartServer();
        Process contender = StartContender();
        using StandInProgram log = Log(contender, $"127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}");

        Outcome outcome = await WatchAsync(log, RuleAction.Kill, port);
        Incident incident = outcome.Verdict.Incident;
        Assert.Equal((OutcomeKind.Freed, true), (outcome.Kind, incident.IsConfirmed));
        Assert.Equal((server.Id, contender.Id), (Assert.Single(incident.Holders).Process?.Identity.Pid, incident.Contender?.Pid));
        Assert.Equal((Trust.System, "logstream"), (incident.Collision.Evidence.Record.Trust, incident.Collision.Evidence.Record.Source));
        Assert.Equal([(server.Id, 15, true)], _world.Signals.Where(signal => signal.Pid == server.Id));
        Assert.True(server.WaitForExit(10_000));
        Assert.False(contender.HasExited);
    }

    [StandInFact]
    public async Task Watch_RuleAsks_StrikesAfterTheButton()
    {
        (Process server, int port) = StartServer();
        using StandInProgram log = Log(StartContender(), $"127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}");
        using StandInProgram osascript = new("osascript", "echo 'button returned:Strike, gave up:false'");

        Outcome outcome = await WatchAsync(log, RuleAction.Ask, port, osascript.Path);
        Assert.Equal(OutcomeKind.Freed, outcome.Kind);
        Assert.Contains($"{port}", Assert.Single(osascript.Runs)[^3]);
        Assert.True(server.WaitForExit(10_000));
    }

    [StandInFact]
    public async Task Watch_UserLeaves_SignalsNobody()
    {
        (Process server, int port) = StartServer();
        using StandInProgram log = Log(StartContender(), $"127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}");
        using StandInProgram osascript = new("osascript", "echo 'execution error: User canceled. (-128)' >&2; exit 1");

        Assert.Equal(OutcomeKind.Left, (await WatchAsync(log, RuleAction.Ask, port, osascript.Path)).Kind);
        Assert.False(server.HasExited);
        Assert.DoesNotContain(_world.Signals, signal => signal.Pid == server.Id);
    }

    [StandInFact]
    public async Task Watch_PreForkServer_StopsEveryHolder()
    {
        (Process server, int port) = StartServer("for _ in range(3):\n    if os.fork() == 0: break\n");
        using StandInProgram log = Log(StartContender(), $"127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}");
        int[] holders = [.. Platform(log).Sockets.Blocking(new Endpoint { Port = port }).Owners.Select(owner => owner.Process!.Pid)];
        Assert.Equal(4, holders.Length);

        Assert.Equal(OutcomeKind.Freed, (await WatchAsync(log, RuleAction.Kill, port)).Kind);
        Assert.Equal(holders.Order(), _world.Signals.Where(signal => holders.Contains(signal.Pid)).Select(signal => signal.Pid).Order());
        Assert.True(server.WaitForExit(10_000));
    }

    [StandInFact]
    public async Task Watch_KernelRefusesTheSignal_SaysNotPermittedAndTouchesNothing()
    {
        (Process server, int port) = StartServer();
        using StandInProgram log = Log(StartContender(), $"127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}");
        _world.Fail(Darwin.Signals.TokenSignal.Symbol, errno: 1);

        Outcome outcome = await WatchAsync(log, RuleAction.Kill, port);
        Assert.Equal(OutcomeKind.NotPermitted, outcome.Kind);
        Assert.Contains("security policy", outcome.Sentence);
        Assert.False(server.HasExited);
    }

    [StandInFact]
    public async Task Watch_RecordOlderThanTenSeconds_IsNeverActedOn()
    {
        (Process server, int port) = StartServer();
        using StandInProgram log = Log(StartContender(), $"127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}", age: TimeSpan.FromSeconds(30));

        Outcome outcome = await WatchAsync(log, RuleAction.Kill, port);
        Assert.NotEqual(RuleAction.Kill, outcome.Verdict.Action);
        Assert.False(server.HasExited);
    }

    private async Task<Outcome> WatchAsync(StandInProgram log, RuleAction action, int port, string osascript = "/nonexistent/osascript")
    {
        Platform platform = Platform(log, osascript);
        Settings settings = Settings.Default with { Rules = [new Rule { Ports = [new PortRange(port, port)], Action = action }, Rule.Last] };
        Protection protection = new(platform.Processes);
        HolderLookup lookup = new(platform.Sockets, platform.Processes, (facts, endpoint) => protection.Reason(facts, endpoint, settings.Protect, byHand: false), (_, _) => null);
        StrikeProtocol strike = new(platform.Sockets, platform.Processes, platform.Striker, TimeProvider.System);
        Task<StrikeResult> StrikeAsync(Verdict verdict, CancellationToken cancellation) =>
            strike.RunAsync(StrikeOrders.For(verdict, settings, isDryRun: false, contenderPid: null), cancellation);
        using Serilog.Core.Logger serilog = new Serilog.LoggerConfiguration().CreateLogger();
        TaskCompletionSource<Outcome> outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
        CollisionPipeline pipeline = new(new PipelineParts
        {
            Sources = platform.Sources,
            Supervisor = new SourceSupervisor(serilog, TimeProvider.System),
            Detector = new Detector(),
            Debouncer = new Debouncer(settings.DebounceWindow, TaskPoolScheduler.Default),
            Enricher = new Enricher(lookup, platform.Processes, new PortInference(platform.Sockets, platform.Processes)),
            Settings = () => settings,
            Policies = new PolicyDispatcher(
                [
                    new LogPolicy(TimeProvider.System),
                    new NotifyPolicy(platform.Notifier, TimeProvider.System, isDryRun: false),
                    new AskPolicy(platform.Notifier, StrikeAsync, Limit, TimeProvider.System, isDryRun: false),
                    new KillPolicy(StrikeAsync, TimeProvider.System),
                ],
                TimeProvider.System,
                serilog),
            Processes = platform.Processes,
            Striker = platform.Striker,
            Time = TimeProvider.System,
            OnOutcome = outcome.SetResult,
        });
        using CancellationTokenSource stop = new();
        Task running = pipeline.RunAsync(stop.Token);
        try
        {
            return await outcome.Task.WaitAsync(Limit);
        }
        finally
        {
            await stop.CancelAsync();
            await running;
        }
    }

    private Platform Platform(StandInProgram log, string osascript = "/nonexistent/osascript") => DarwinPlatform.Create(Path.GetTempPath(), new Surroundings
    {
        Library = StandInLibrary.Handle,
        Log = log.Path,
        Launchctl = _launchctl.Path,
        Osascript = osascript,
        ToolFolders = [],
    });

    private (Process Server, int Port) StartServer(string afterListening = "")
    {
        Process server = Start(
            "import os, signal, socket, sys\n"
            + "s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen()\n"
            + "sys.stdout.write('%d\\n' % s.getsockname()[1]); sys.stdout.flush()\n"
            + $"{afterListening}"
            + "sys.stdout.write('up\\n'); sys.stdout.flush()\n"
            + "signal.pause()\n");
        int port = int.Parse(server.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
        for (int up = afterListening.Length > 0 ? 4 : 1; up > 0; up--)
            Assert.Equal("up", server.StandardOutput.ReadLine());
        return (server, port);
    }

    private Process StartContender()
    {
        Process contender = Start("import signal, sys\nsys.stdout.write('up\\n'); sys.stdout.flush()\nsignal.pause()\n");
        Assert.Equal("up", contender.StandardOutput.ReadLine());
        return contender;
    }

    private Process Start(string script)
    {
        Process process = Process.Start(new ProcessStartInfo("python3", ["-c", script]) { RedirectStandardOutput = true })!;
        _started.Add(process);
        return process;
    }

    // A record as Network.framework writes it, in the name of a process that really runs.
    private static StandInProgram Log(Process contender, string address, TimeSpan age = default)
    {
        string line = File.ReadLines(Fixture.PathOf("logstream", "logstream-constructed.txt")).ElementAt(2);
        DateTimeOffset time = TimeProvider.System.GetUtcNow() - age;
        line = line.Replace("127.0.0.1:8080", address, StringComparison.Ordinal)
            .Replace("\"processID\":87578", $"\"processID\":{contender.Id}", StringComparison.Ordinal)
            .Replace("\"userID\":501", $"\"userID\":{Darwin.Interop.libSystem.geteuid()}", StringComparison.Ordinal)
            .Replace("2025-06-24 14:44:49.382837+0300", time.ToString("yyyy-MM-dd HH:mm:ss.ffffff+0000", CultureInfo.InvariantCulture), StringComparison.Ordinal);
        StandInProgram log = new("log", "echo 'Filtering the log data using \"x\"'; cat \"$HERE/line\"; exec sleep 300");
        File.WriteAllText(Path.Combine(log.Folder, "line"), line + "\n");
        return log;
    }
}
