using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Benchmarks;

/// <summary><c>dotnet run -c Release -- kernel</c>, as root: what the kernel source costs, how fast it is, and what it loses.</summary>
[SupportedOSPlatform("linux")]
internal static class KernelMeasurement
{
    private static readonly string s_program = Path.Combine(AppContext.BaseDirectory, "refused");

    public static async Task RunAsync()
    {
        await OutputAsync("cc", "-O2", "-pthread", "-o", s_program, s_program + ".c");
        using Socket holder = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        holder.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        holder.Listen();
        int port = ((IPEndPoint)holder.LocalEndPoint!).Port;

        await PriceAsync("off", port);
        await using (await KernelReading.StartAsync())
            await PriceAsync("on", port);
        await LatencyAsync(port);
        await OneShotsAsync(port);
        await StormAsync(port);
        await IdleAsync();
    }

    private static async Task PriceAsync(string state, int port)
    {
        string[] nanoseconds = (await OutputAsync(s_program, "price", "127.0.0.1", Text(port))).Trim().Split(' ');
        Console.WriteLine($"source {state}: getppid {nanoseconds[0]} ns, socket+bind+close {nanoseconds[1]} ns, refused bind {nanoseconds[2]} ns");
    }

    private static async Task LatencyAsync(int port)
    {
        const int Count = 2000;
        await using KernelReading reading = await KernelReading.StartAsync();
        Task<string> output = OutputAsync(s_program, "spread", "127.0.0.1", Text(port), Text(Count));
        List<(LogRecord Record, long Arrived)> records = await reading.TakeAsync(port, Count);
        string[] returned = (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Show("bind returned → record taken, one program again and again", [.. records.Select((record, i) =>
            (record.Arrived - long.Parse(returned[i], CultureInfo.InvariantCulture)) / 1000.0)]);
    }

    private static async Task OneShotsAsync(int port)
    {
        const int Count = 1000;
        await using KernelReading reading = await KernelReading.StartAsync();
        for (int i = 0; i < Count; i++)
            await OutputAsync(s_program, "tcp", "127.0.0.1", Text(port));
        List<(LogRecord Record, long Arrived)> records = await reading.TakeAsync(port, Count);
        long now = Stopwatch.GetTimestamp();
        DateTimeOffset wall = TimeProvider.System.GetUtcNow();
        Show("bind refused → record taken, programs that end at once", [.. records.Select(record =>
            (wall - record.Record.Time).TotalMicroseconds - ((now - record.Arrived) / 1000.0))]);
        Share("command line", record => record.Sender?.Facts?.Command is not null);
        Share("parents", record => record.Sender?.Facts?.Parents.Count > 0);
        Share("folder", record => record.Sender?.Facts?.WorkingDirectory is not null);

        void Share(string what, Func<LogRecord, bool> has) => Console.WriteLine($"  {what} captured: {100.0 * records.Count(record => has(record.Record)) / Count:F1} %");
    }

    private static async Task StormAsync(int port)
    {
        const int Threads = 4;
        const int Each = 50_000;
        await using KernelReading reading = await KernelReading.StartAsync();
        long start = Stopwatch.GetTimestamp();
        Task<string> storm = OutputAsync(s_program, "many", "127.0.0.1", Text(port), Text(Threads), Text(Each));
        int taken = (await reading.TakeAsync(port, Threads * Each)).Count;
        Console.WriteLine($"storm of {Threads * Each} from {Threads} threads: {taken} taken, {reading.Report.Dropped} lost, in {Stopwatch.GetElapsedTime(start).TotalMilliseconds:F0} ms");
        await storm;
    }

    private static async Task IdleAsync()
    {
        await using KernelReading reading = await KernelReading.StartAsync();
        string thread = Directory.GetDirectories("/proc/self/task").First(task => File.ReadAllText(task + "/comm").Trim() == "kernel source");
        (long Switches, string Ticks) before = (Switches(thread), Ticks(thread));
        await Task.Delay(TimeSpan.FromSeconds(20));
        Console.WriteLine($"idle for 20 s (events of the machine: {reading.Report.Records}): {Switches(thread) - before.Switches} wake-ups, clock ticks of CPU {before.Ticks} → {Ticks(thread)}");
    }

    private static long Switches(string thread) => File.ReadLines(thread + "/status")
        .Where(line => line.Contains("ctxt_switches", StringComparison.Ordinal))
        .Sum(line => long.Parse(line.AsSpan(line.IndexOf(':', StringComparison.Ordinal) + 1).Trim(), CultureInfo.InvariantCulture));

    private static string Ticks(string thread) => string.Join('+', File.ReadAllText(thread + "/stat").Split(' ')[^39..^37]);

    private static void Show(string what, double[] microseconds)
    {
        Array.Sort(microseconds);
        Console.WriteLine($"{what}: p50 {At(0.5):F0} µs, p99 {At(0.99):F0} µs, max {microseconds[^1]:F0} µs ({microseconds.Length})");

        double At(double share) => microseconds[(int)(share * (microseconds.Length - 1))];
    }

    private static async Task<string> OutputAsync(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true }) ?? throw new InvalidOperationException(program);
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} ended with {process.ExitCode}");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
