using System.Net.Sockets;
using PortiaWatch.Pipeline;

namespace PortiaWatch.Control;

/// <summary>Whether a watcher of this user runs, and whether it is awake: a socket lets clients in also while its process is suspended.</summary>
/// <param name="Pid">Null where none runs, or none lets anybody in.</param>
/// <param name="IsAwake">It has answered.</param>
/// <param name="IsThere">Somebody has the socket.</param>
internal sealed record WatcherPulse(int? Pid, bool IsAwake, bool IsThere)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Its name and how to wake it; for a watcher that does not answer.</summary>
    public string Mend => Pid is { } pid ? $"kill -CONT {pid}   (or kill -KILL {pid} to end it)" : "Wake or end the process that \"portia watch\" runs as";

    public static async Task<WatcherPulse> FeelAsync(Platform platform, CancellationToken cancellation)
    {
        using ControlClient? client = ControlClient.TryConnect(platform, out bool isSilent);
        if (client is null)
            return new WatcherPulse(Pid: null, IsAwake: false, IsThere: isSilent);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            await client.AskAsync(ControlRequest.For(ControlRequest.Status), patience.Token);
            return new WatcherPulse(client.WatcherPid, await client.ReadAsync(patience.Token) is not null, IsThere: true);
        }
        catch (Exception error) when (error is SocketException || (error is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return new WatcherPulse(client.WatcherPid, IsAwake: false, IsThere: true);
        }
    }
}
