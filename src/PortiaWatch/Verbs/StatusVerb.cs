using System.CommandLine;
using System.Text.Json;
using PortiaWatch.Control;
using PortiaWatch.Rendering;

namespace PortiaWatch.Verbs;

/// <summary><c>portia status</c>: how the running watcher is.</summary>
internal static class StatusVerb
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        var prometheus = new Option<bool>("--prometheus") { Description = "Print the watcher's numbers in Prometheus's text format." };
        var command = new Command("status", "Show how the running watcher is: sources, counters, rules in force.") { prometheus };
        command.SetAction((parsed, cancellation) => RunAsync(parsed, parsed.GetValue(prometheus), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, bool asPrometheus, CancellationToken cancellation)
    {
        var terminal = new Terminal(parsed);
        using ControlClient? client = ControlClient.TryConnect(Platforms.Here());
        if (client is null)
            return NoWatcher.Say(terminal);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        string? line = null;
        try
        {
            await client.AskAsync(ControlRequest.For(asPrometheus ? ControlRequest.Metrics : ControlRequest.Status), patience.Token);
            line = await client.ReadAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // Said below.
        }

        MetricsAnswer? numbers = asPrometheus && line is not null ? ReadNumbers(line) : null;
        WatchStatus? status = !asPrometheus && line is not null ? Read(line) : null;
        if (line is null || (numbers is null && status is null))
        {
            await Console.Error.WriteLineAsync($"A watcher runs (pid {client.WatcherPid}), but it does not answer; see portia doctor. If it was updated meanwhile, start it anew.");
            return ExitCode.No;
        }

        if (terminal.IsJson)
            await terminal.RawAnswers.WriteLineAsync(line);
        else if (numbers is not null)
            await terminal.RawAnswers.WriteAsync(numbers.Text);
        else if (status is not null)
            StatusView.Show(terminal, status);
        return ExitCode.Done;
    }

    private static MetricsAnswer? ReadNumbers(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, ControlJson.Default.MetricsAnswer) is { Schema: MetricsAnswer.CurrentSchema } numbers ? numbers : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static WatchStatus? Read(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, ControlJson.Default.WatchStatus) is { Schema: WatchStatus.CurrentSchema } status ? status : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
