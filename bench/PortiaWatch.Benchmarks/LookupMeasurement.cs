using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using PortiaWatch.Linux;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Benchmarks;

/// <summary>
/// Times of lookups as bench/compare/lookup.sh sets them beside lsof and ss: in a process that is warmed up as the watcher is. One line for each kind: its name, then the
/// microseconds of every run.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class LookupMeasurement
{
    private const int Runs = 15;

    public static int Run(string target, string holder)
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
        return 0;
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
        Console.WriteLine($"{name}\t{string.Join(' ', microseconds.Select(us => us.ToString("0.0", CultureInfo.InvariantCulture)))}");
    }
}
