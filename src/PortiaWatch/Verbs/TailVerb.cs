using System.CommandLine;
using System.Text.Json;
using PortiaWatch.Control;
using PortiaWatch.Pipeline;
using PortiaWatch.Rendering;
using Spectre.Console;

namespace PortiaWatch.Verbs;

/// <summary><c>portia tail</c>: what the running watcher sees and does, as it happens.</summary>
internal static class TailVerb
{
    // While the watcher is away, and only while somebody looks.
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        var command = new Command("tail", "Follow the running watcher's incidents, until Ctrl-C.");
        command.SetAction(async (parsed, _) =>
        {
            using var stop = new StopRequest();
            return await RunAsync(new Terminal(parsed), Platforms.Here(), stop.Token);
        });
        return command;
    }

    private static async Task<int> RunAsync(Terminal terminal, Platform platform, CancellationToken cancellation)
    {
        var view = new IncidentView(terminal, TimeProvider.System);
        bool hasFollowed = false;
        try
        {
            while (true)
            {
                using (ControlClient? client = ControlClient.TryConnect(platform))
                {
                    if (client is null && !hasFollowed)
                        return NoWatcher.Say(terminal);
                    if (client is not null && await FollowAsync(client, terminal, view, cancellation) is { } refusal)
                    {
                        terminal.Messages.Write(new Text(refusal + "\n"));
                        return ExitCode.No;
                    }

                    if (client is not null)
                        terminal.Messages.Write(new Text("The watcher has ended. Waiting for the next; Ctrl-C ends this.\n"));
                    hasFollowed = true;
                }

                await Task.Delay(BetweenTries, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return ExitCode.Done;
        }
    }

    /// <summary>Null when the watcher has gone; else why it does not let us follow.</summary>
    private static async Task<string?> FollowAsync(ControlClient client, Terminal terminal, IncidentView view, CancellationToken cancellation)
    {
        try
        {
            await client.AskAsync(ControlRequest.For(ControlRequest.Tail), cancellation);
        }
        catch (System.Net.Sockets.SocketException)
        {
            return null;
        }

        // Its first line it says at once; after that there may be nothing to say for days.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        string? line;
        try
        {
            line = await client.ReadAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return $"The watcher (pid {client.WatcherPid}) does not answer; it is suspended or hangs. Wake it: kill -CONT {client.WatcherPid}";
        }

        for (; line is not null; line = await client.ReadAsync(cancellation))
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement answer = document.RootElement;
            switch (answer.GetProperty("schema").GetString())
            {
                case ControlError.CurrentSchema:
                    return answer.GetProperty("sentence").GetString();
                case ControlHello.CurrentSchema:
                    terminal.Messages.Write(new Text($"Following the watcher, pid {client.WatcherPid}.\n"));
                    break;
                case ControlMissed.CurrentSchema when !terminal.IsJson:
                    terminal.Messages.Write(new Text($"{answer.GetProperty("count").GetInt64()} incidents came too fast and are missing here.\n"));
                    break;
                default:
                    if (terminal.IsJson)
                        await PassOnAsync(terminal, line);
                    else
                        view.Show(answer);
                    break;
            }
        }

        return null;
    }

    private static async Task PassOnAsync(Terminal terminal, string line)
    {
        await terminal.RawAnswers.WriteLineAsync(line);
        await terminal.RawAnswers.FlushAsync();
    }
}
