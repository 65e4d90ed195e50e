using System.Net.Sockets;
using System.Text.Json;
using PortiaWatch.Pipeline;

namespace PortiaWatch.Control;

/// <summary>Tells the running watcher that a holder is to be left alone.</summary>
internal static class LeaveClient
{
    /// <summary>Null when nobody took it: no watcher, an older one, or one that knows no such incident.</summary>
    public static async Task<LeaveAnswer?> TryAsync(Platform platform, string incident, CancellationToken cancellation)
    {
        using ControlClient? client = ControlClient.TryConnect(platform);
        if (client is null)
            return null;
        try
        {
            await client.AskAsync(ControlRequest.For(ControlRequest.Leave) with { Incident = incident }, cancellation);
            return await client.ReadAsync(cancellation) is { } line
                && JsonSerializer.Deserialize(line, ControlJson.Default.LeaveAnswer) is { Schema: LeaveAnswer.CurrentSchema } answer ? answer : null;
        }
        catch (Exception error) when (error is SocketException or JsonException)
        {
            // Just ending, or of another version.
            return null;
        }
    }
}
