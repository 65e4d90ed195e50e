using System.Net.Sockets;
using System.Text.Json;
using PortiaWatch.Control;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Rendering;

namespace PortiaWatch.Top;

/// <summary>Follows the running watcher, and the next one when it ends. Everything goes to the model through <paramref name="post"/>.</summary>
/// <param name="platform">To find the watcher and to know that it is the user's own.</param>
/// <param name="post">Has something done to the model, on its own thread.</param>
/// <param name="reread">Called when incidents may have been missed: the history has them.</param>
internal sealed class WatcherFeed(Platform platform, Func<Action<TopModel>, CancellationToken, ValueTask> post, Func<CancellationToken, ValueTask> reread)
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenStatuses = TimeSpan.FromSeconds(10);

    // While its sources are still starting.
    private static readonly TimeSpan BetweenEarlyStatuses = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task RunAsync(CancellationToken cancellation)
    {
        await Task.Yield();
        bool hasFollowed = false;
        while (true)
        {
            using (ControlClient? client = ControlClient.TryConnect(platform))
            {
                if (client is not null)
                {
                    string? refusal = await FollowAsync(client, hasFollowed, cancellation);
                    string why = refusal ?? $"The watcher (pid {client.WatcherPid}) has ended; waiting for the next.";
                    await post(model =>
                    {
                        model.Watcher = WatcherHealth.None;
                        model.Notice = Notice.Warning(why);
                    }, cancellation);
                    hasFollowed = true;
                }
            }

            await Task.Delay(BetweenTries, cancellation);
        }
    }

    /// <summary>Null when the watcher has gone; else why it does not let us follow.</summary>
    private async Task<string?> FollowAsync(ControlClient client, bool isAgain, CancellationToken cancellation)
    {
        try
        {
            await client.AskAsync(ControlRequest.For(ControlRequest.Tail), cancellation);
        }
        catch (SocketException)
        {
            return null;
        }

        using var whileItLives = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task statuses = StatusesAsync(client.WatcherPid, whileItLives.Token);
        try
        {
            while (await client.ReadAsync(cancellation) is { } line)
            {
                if (await TakeAsync(line, client.WatcherPid, isAgain, cancellation) is { } refusal)
                    return refusal;
            }

            return null;
        }
        finally
        {
            await whileItLives.CancelAsync();
            await statuses.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Null; else why nothing more will come.</summary>
    private async Task<string?> TakeAsync(string line, int pid, bool isAgain, CancellationToken cancellation)
    {
        using JsonDocument? document = Parse(line);
        if (document is null)
            return "The watcher does not speak our language; if it was updated meanwhile, start it anew.";
        JsonElement answer = document.RootElement;
        switch (answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("schema", out JsonElement schema) ? schema.ToString() : "")
        {
            case ControlError.CurrentSchema:
                return HistoryWords.Text(answer, "sentence", 200) ?? "The watcher does not let us follow.";
            case ControlHello.CurrentSchema:
                await post(model =>
                {
                    model.Watcher = new WatcherHealth(pid, null);
                    if (isAgain)
                        model.Notice = Notice.Plain($"The watcher runs again, pid {pid}.");
                }, cancellation);
                await reread(cancellation);
                break;
            case ControlMissed.CurrentSchema:
                await reread(cancellation);
                break;
            case IncidentJson.Schema when IncidentRow.TryRead(answer, line) is { } row:
                await post(model => model.AddIncidents([row]), cancellation);
                break;
        }

        return null;
    }

    private async Task StatusesAsync(int pid, CancellationToken cancellation)
    {
        while (true)
        {
            WatchStatus? status = await StatusAsync(cancellation);
            if (status is not null)
                await post(model => model.Watcher = new WatcherHealth(pid, status), cancellation);
            await Task.Delay(status is { UptimeSeconds: > 10 } ? BetweenStatuses : BetweenEarlyStatuses, cancellation);
        }
    }

    private async Task<WatchStatus?> StatusAsync(CancellationToken cancellation)
    {
        using ControlClient? client = ControlClient.TryConnect(platform);
        if (client is null)
            return null;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            await client.AskAsync(ControlRequest.For(ControlRequest.Status), patience.Token);
            return await client.ReadAsync(patience.Token) is { } line
                && JsonSerializer.Deserialize(line, ControlJson.Default.WatchStatus) is { Schema: WatchStatus.CurrentSchema } status ? status : null;
        }
        catch (Exception error) when (error is SocketException or JsonException || (error is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            // Just ending, of another version, or busy: the next one may tell.
            return null;
        }
    }

    private static JsonDocument? Parse(string line)
    {
        try
        {
            return JsonDocument.Parse(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
