using System.CommandLine;
using PortiaWatch.Daemon;
using PortiaWatch.Pipeline.Sources;

namespace PortiaWatch.Verbs;

/// <summary>The part with rights over the kernel, which the system unit of <c>install --kernel</c> runs: it passes each user's refused binds on to that user's watcher.</summary>
internal static class SensorVerb
{
    public const string Name = "sensor";

    public static Command Create()
    {
        var command = new Command(Name, "Pass the kernel's events on to each user's watcher; run by the unit that install --kernel writes.") { Hidden = true };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        if (Platforms.Here() is not { RunSensorAsync: { } run })
            throw new UsageException("This system has no kernel sensor; portia watch needs none here.");
        var manager = ReadinessNotice.FromEnvironment();
        using var stop = new StopRequest();
        try
        {
            await run(() => manager.Ready("passes refused binds on to the watchers of their users"), stop.Token);
            return ExitCode.Done;
        }
        catch (SourceUnavailableException refusal)
        {
            await Console.Error.WriteLineAsync(refusal.Message);
            return refusal.IsPermission ? ExitCode.NotPermitted : ExitCode.Usage;
        }
        catch (IOException failure)
        {
            await Console.Error.WriteLineAsync($"The sensor ended: {failure.Message}");
            return ExitCode.No;
        }
    }
}
