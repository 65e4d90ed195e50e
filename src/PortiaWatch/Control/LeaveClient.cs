using System.Net.Sockets;
using System.Text.Json;
using PortiaWatch.Pipeline;

namespace PortiaWatch.Control;

/// <summary>Tells the running watcher that a holder is to be left alone.</summary>
internal static class LeaveClient
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Null when nobody took it: no watcher, an older one, or one that knows no such incident. A watcher that says nothing is not waited for.</summary>
    public static async Task<LeaveAnswer?> TryAsync(Platform platform, string incident, CancellationToken cancellation)
    {
        using ControlClient? client = ControlClient.TryConnect(platform, out bool isSilent);
        if (client is null)
            return isSilent ? LeaveAnswer.Of(false, "The watcher does not answer, so nothing was put on record.") : null;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            await client.AskAsync(ControlRequest.For(ControlRequest.Leave) with { Incident = incident }, patience.Token);
            return await client.ReadAsync(patience.Token) is { } line
                && JsonSerializer.Deserialize(line, ControlJson.Default.LeaveAnswer) is { Schema: LeaveAnswer.CurrentSchema } answer ? answer : null;
        }
        catch (Exception error) when (error is SocketException or JsonException)
        {
            // Just ending, or of another version.
            return null;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return LeaveAnswer.Of(false, $"The watcher (pid {client.WatcherPid}) does not answer; it is suspended or hangs. Wake it: kill -CONT {client.WatcherPid}");
        }
    }
}
