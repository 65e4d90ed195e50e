using System.Globalization;
using PortiaWatch.Linux.Ebpf;
using PortiaWatch.Linux.Processes;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Sources;

namespace PortiaWatch.Linux.Tests.Ebpf;

/// <summary>
/// This assembly as a program: the kernel source on its own, one line for each state and record, until standard input ends. Tests start it as another user, in
/// another namespace, or to kill it.
/// </summary>
internal static class SensorProgram
{
    public static Task<int> Main(string[] arguments) => arguments switch
    {
        ["strikes", var rounds] => Striking.StrikeSafetyProgram.RunAsync(int.Parse(rounds, CultureInfo.InvariantCulture)),
        ["look", var target] => Striking.LookProgram.RunAsync(target),
        _ => RunAsync(),
    };

    private static async Task<int> RunAsync()
    {
        using CancellationTokenSource stopping = new();
        SourceReport report = new("kernel", changed => Console.WriteLine($"state|{changed.State}|{changed.Note}"));
        KernelSource source = new(new ProcessTable(TimeProvider.System), TimeProvider.System);
        Console.WriteLine($"limit|{KernelSource.Limit()}");
        _ = Task.Run(async () =>
        {
            await Console.In.ReadToEndAsync();
            await stopping.CancelAsync();
        });
        try
        {
            await foreach (LogRecord record in source.ReadAsync(report, stopping.Token))
            {
                Sender sender = record.Sender ?? new Sender(-1);
                Console.WriteLine(string.Join('|', "record", sender.Pid.ToString(CultureInfo.InvariantCulture), record.Reported, sender.Elsewhere, sender.Facts is null ? "no facts" : "facts"));
            }
        }
        catch (OperationCanceledException)
        {
        }
        catch (SourceUnavailableException refusal)
        {
            Console.WriteLine($"unavailable|{refusal.IsPermission}|{refusal.Message}");
            return 3;
        }

        return 0;
    }
}
