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
        var command = new Command("status", "Show how the running watcher is: sources, counters, rules in force.");
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
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
            await client.AskAsync(ControlRequest.For(ControlRequest.Status), patience.Token);
            line = await client.ReadAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // Said below.
        }

        if (line is null || Read(line) is not { } status)
        {
            await Console.Error.WriteLineAsync($"A watcher runs (pid {client.WatcherPid}), but it does not answer. If it was updated meanwhile, start it anew.");
            return ExitCode.No;
        }

        if (terminal.IsJson)
            await terminal.RawAnswers.WriteLineAsync(line);
        else
            StatusView.Show(terminal, status);
        return ExitCode.Done;
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
