using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using PortiaWatch.Linux;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Striking;

namespace PortiaWatch.Benchmarks;

/// <summary>
/// Times of lookups as bench/compare/lookup.sh sets them beside lsof and ss: in a process that is warmed up as the watcher is. One line for each kind: its name, then the
/// microseconds of every run.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class LookupMeasurement
{
    private const int Runs = 15;

    private const string Server = "import socket,signal\ns=socket.socket();s.bind(('127.0.0.1',0));s.listen();signal.signal(15,signal.SIG_DFL);print(s.getsockname()[1],flush=True);signal.pause()";

    public static async Task<int> RunAsync(string target, string holder)
    {
        if (!Endpoint.TryParse(target, out Endpoint? endpoint) || !int.TryParse(holder, NumberStyles.None, CultureInfo.InvariantCulture, out int pid))
            return 2;
        Platform remembering = LinuxPlatform.Create(Path.GetTempPath());

        // A new table knows nothing, as the watcher at the first collision.
        Report("cold, all holders", endpoint, pid, () => LinuxPlatform.Create(Path.GetTempPath()).Sockets);
        Report("warm, nobody born since", endpoint, pid, () => remembering.Sockets);
        Report("warm, one process born since", endpoint, pid, () =>
        {
            using Process? newborn = Process.Start("true");
            newborn?.WaitForExit();
            return remembering.Sockets;
        });
        await ReportStrikesAsync(remembering);
        return 0;
    }

    // Of a server that ends at once, so that what is measured is ours: from the order to the outcome.
    private static async Task ReportStrikesAsync(Platform platform)
    {
        var microseconds = new List<double>();
        for (int run = -3; run < Runs; run++)
        {
            var start = new ProcessStartInfo("python3", ["-c", Server]) { RedirectStandardOutput = true };
            using Process server = Process.Start(start) ?? throw new InvalidOperationException("python3 did not start");
            if (!Endpoint.TryParse(await server.StandardOutput.ReadLineAsync(), out Endpoint? endpoint) || platform.Processes.Describe(server.Id) is not { } facts)
                throw new InvalidOperationException("the server is not there");
            var protocol = new StrikeProtocol(platform.Sockets, platform.Processes, platform.Striker, TimeProvider.System);
            var order = new StrikeOrder
            {
                Endpoint = endpoint,
                Targets = [new Holder { Endpoint = endpoint, Use = SocketUse.Listening, Process = facts }],
                Settings = new StrikeSettings(),
                Protect = new ProtectSettings(),
            };
            StrikeResult result = await protocol.RunAsync(order, CancellationToken.None);
            if (result.Kind != OutcomeKind.Freed || result.Took is not { } took)
                throw new InvalidOperationException(result.Sentence);
            if (run >= 0)
                microseconds.Add(took.TotalMicroseconds);
        }

        Print("strike, SIGTERM to freed port", microseconds);
    }

    private static void Report(string name, Endpoint endpoint, int pid, Func<ISocketTable> table)
    {
        var microseconds = new List<double>();
        TimeSpan processor = TimeSpan.Zero;
        for (int run = -3; run < Runs; run++)
        {
            ISocketTable sockets = table();
            TimeSpan before = Environment.CpuUsage.TotalTime;
            long start = Stopwatch.GetTimestamp();
            Occupancy occupancy = sockets.Blocking(endpoint);
            double took = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            if (occupancy.Owners is not [{ Process.Pid: var found }] || found != pid)
                throw new InvalidOperationException($"{name}: the holder is {pid}, the answer is wrong.");
            if (run < 0)
                continue;
            processor += Environment.CpuUsage.TotalTime - before;
            microseconds.Add(took);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}, processor time\t{processor.TotalMicroseconds / Runs:0}"));
        Print(name, microseconds);
    }

    private static void Print(string name, List<double> microseconds) =>
        Console.WriteLine($"{name}\t{string.Join(' ', microseconds.Select(us => us.ToString("0.0", CultureInfo.InvariantCulture)))}");
}
