using System.Globalization;
using PortiaWatch.Linux.Tests.Support;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Striking;

namespace PortiaWatch.Linux.Tests.Striking;

public sealed class LiveStrikeTests
{
    private const string Listen = "import socket,sys\ns=socket.socket();s.bind(('127.0.0.1',0));s.listen();print(s.getsockname()[1])\n";

    private readonly Platform _platform = LinuxPlatform.Create(Path.GetTempPath());

    [SkippableFact]
    public async Task Strike_ListenerThatEndsOnSigterm_IsFreed()
    {
        using Child child = Child.Python(Listen + "sys.stdin.read()");
        Endpoint endpoint = await PortOf(child);

        StrikeResult result = await StrikeAsync(endpoint);

        Assert.Equal(OutcomeKind.Freed, result.Kind);
        Assert.Equal(child.Pid, Assert.Single(result.Signalled).Pid);
        Assert.Equal(143, await child.ExitAsync());
    }

    [SkippableFact]
    public async Task Strike_ListenerThatIgnoresSigterm_TimesOutAndForceEndsIt()
    {
        using Child child = Child.Python("import signal;signal.signal(15,signal.SIG_IGN)\n" + Listen + "sys.stdin.read()");
        Endpoint endpoint = await PortOf(child);
        var settings = new StrikeSettings { Grace = TimeSpan.FromMilliseconds(150) };

        StrikeResult patient = await StrikeAsync(endpoint, settings);
        StrikeResult forced = await StrikeAsync(endpoint, settings with { Force = true });

        Assert.Equal(OutcomeKind.TimedOut, patient.Kind);
        Assert.Equal(OutcomeKind.Freed, forced.Kind);
        Assert.Equal(137, await child.ExitAsync());
    }

    [SkippableFact]
    public async Task Strike_DryRun_SignalsNobody()
    {
        using Child child = Child.Python(Listen + "sys.stdin.read()");
        Endpoint endpoint = await PortOf(child);

        StrikeResult result = await StrikeAsync(endpoint, dryRun: true);

        Assert.Equal(OutcomeKind.DryRun, result.Kind);
        Assert.Empty(result.Signalled);
        Assert.Equal(PortState.Held, _platform.Sockets.Blocking(endpoint).State);
    }

    [SkippableFact]
    public async Task Strike_LoopThatStartsItsServerAgain_IsToldAsTakenAgain()
    {
        using Child loop = Child.Python("""
            import os,signal,socket
            port = 0
            while True:
                pid = os.fork()
                if pid == 0:
                    s = socket.socket(); s.setsockopt(1, 2, 1)
                    s.bind(('127.0.0.1', port)); s.listen()
                    if not port: print(s.getsockname()[1])
                    else: print('again')
                    signal.pause()
                if not port:
                    port = int(input())
                os.waitpid(pid, 0)
            """);
        string port = await loop.ReadLineAsync();
        await loop.WriteLineAsync(port);

        StrikeResult result = await StrikeAsync(new Endpoint { Transport = Transport.Tcp, Port = int.Parse(port, CultureInfo.InvariantCulture) });
        StrikeResult second = await StrikeAsync(new Endpoint { Transport = Transport.Tcp, Port = int.Parse(port, CultureInfo.InvariantCulture) }, dryRun: true);

        Assert.Equal(OutcomeKind.TakenAgain, result.Kind);
        Assert.Contains($"pid {loop.Pid}", result.Sentence, StringComparison.Ordinal);
        Assert.Equal(OutcomeKind.DryRun, second.Kind);
        _ = Raw.kill(loop.Pid, Raw.SIGKILL);
        _ = Raw.kill(_platform.Sockets.Blocking(new Endpoint { Port = int.Parse(port, CultureInfo.InvariantCulture) }).Owners[0].Process!.Pid, Raw.SIGKILL);
    }

    private static async Task<Endpoint> PortOf(Child child) =>
        new() { Transport = Transport.Tcp, Port = int.Parse(await child.ReadLineAsync(), CultureInfo.InvariantCulture) };

    private Task<StrikeResult> StrikeAsync(Endpoint endpoint, StrikeSettings? settings = null, bool dryRun = false)
    {
        var protocol = new StrikeProtocol(_platform.Sockets, _platform.Processes, _platform.Striker, TimeProvider.System);
        return protocol.RunAsync(
            new StrikeOrder
            {
                Endpoint = endpoint,
                Targets = [.. _platform.Sockets.Blocking(endpoint).Owners.Select(o => new Holder { Endpoint = o.Endpoint, Use = o.Use, Process = _platform.Processes.Describe(o.Process!.Pid) })],
                Settings = settings ?? new StrikeSettings(),
                Protect = new ProtectSettings(),
                IsDryRun = dryRun,
            },
            CancellationToken.None);
    }
}
